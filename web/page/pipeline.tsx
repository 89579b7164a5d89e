export function Pipeline() {
  return <h1>Pipeline</h1>;
}
