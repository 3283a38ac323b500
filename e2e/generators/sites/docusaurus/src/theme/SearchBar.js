export default function SearchBar() {
  return <era-search></era-search>;
}
