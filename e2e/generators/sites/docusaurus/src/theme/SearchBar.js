export default function SearchBar() {
  return (
    <>
      <era-search></era-search>
      <era-search-trigger></era-search-trigger>
    </>
  );
}
