declare module 'opencc-js/dict/TSCharacters' {
  /** Pairs of a traditional character and its simplified ones, with spaces between, a `|` after each. */
  const characters: string;
  export default characters;
}
