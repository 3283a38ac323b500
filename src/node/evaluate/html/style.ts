// The styles of the report page, in light and dark. The page loads no address, script or font, since it may be read
// from a file years later.

export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#fbfbfd, #14161c);
  --panel: light-dark(#ffffff, #1c1f27);
  --text: light-dark(#1b1e26, #e6e8ee);
  --muted: light-dark(#596070, #a3abbb);
  --line: light-dark(#d9dde6, #363b47);
  font: 16px/1.5 system-ui, sans-serif;
  background: var(--ground);
  color: var(--text);
}
.c0 { --ink: light-dark(#8a4fbf, #c79bf2); }
.c1 { --ink: light-dark(#0f7a55, #5fd0a5); }
.c2 { --ink: light-dark(#2f5bd0, #86a8ff); }
.c3 { --ink: light-dark(#b3261e, #ff9a90); }
.c4 { --ink: light-dark(#96670a, #e8bd58); }
.c5 { --ink: light-dark(#a8327e, #f495d0); }
.c6 { --ink: light-dark(#0b7285, #66d0e3); }
.c7 { --ink: light-dark(#596070, #b8c0cf); }
body { margin: 0 auto; max-width: 78rem; padding: 1rem clamp(1rem, 4vw, 2.5rem) 3rem; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 1rem 0 .5rem; }
h2 { font-size: 1.2rem; line-height: 1.3; margin: 2.2rem 0 .25rem; }
h3 { font-size: 1rem; margin: 0; }
p { margin: 0 0 .75rem; max-width: 46rem; }
.note, figcaption p, footer { color: var(--muted); font-size: .9rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1rem; align-items: start; margin-top: 1.5rem; }
figure { margin: 0; padding: clamp(.6rem, 3vw, 1rem); border: 1px solid var(--line); border-radius: 10px; background: var(--panel); min-width: 0; }
figure svg[role] { display: block; width: 100%; max-width: 29rem; margin: 0 auto; height: auto; }
figcaption p { margin: 0 0 .5rem; }
.legend { display: flex; flex-wrap: wrap; gap: .1rem 1rem; list-style: none; margin: .5rem 0 0; padding: 0; font-size: .85rem; }
.legend li { display: flex; align-items: center; gap: .4rem; }
svg text { font: 11.5px system-ui, sans-serif; fill: var(--text); font-variant-numeric: tabular-nums; }
svg .tick { fill: var(--muted); font-size: 11px; }
svg .end { text-anchor: end; }
svg .middle { text-anchor: middle; }
svg .value { fill: var(--ink, var(--muted)); font-weight: 600; }
svg path { fill: none; }
.grid { stroke: var(--line); }
.axis { stroke: var(--muted); }
.reference { stroke: var(--muted); stroke-dasharray: 5 4; stroke-width: 1.5; }
.cross { stroke: var(--text); stroke-width: 2; }
.band { fill: var(--ink); opacity: .13; }
.line { fill: none; stroke: var(--ink); stroke-width: 2; }
.thin { fill: none; stroke: var(--ink); opacity: .5; }
.mark * { fill: var(--ink); stroke: var(--panel); stroke-width: 1; }
.mark.hollow * { fill: var(--panel); stroke: var(--ink); stroke-width: 1.6; }
.table { overflow-x: auto; border: 1px solid var(--line); border-radius: 10px; background: var(--panel); }
.table:focus-visible { outline: 2px solid var(--text); outline-offset: 2px; }
.table.long { max-height: 80vh; overflow-y: auto; }
table { border-collapse: separate; border-spacing: 0; font-size: .875rem; line-height: 1.35; font-variant-numeric: tabular-nums; width: 100%; }
th, td { padding: .4rem .7rem; text-align: right; vertical-align: top; white-space: nowrap; border-bottom: 1px solid var(--line); }
tbody tr:last-child > * { border-bottom: 0; }
thead th { position: sticky; top: 0; z-index: 1; background: var(--panel); color: var(--muted); font-weight: 600; white-space: normal; vertical-align: bottom; min-width: 4.5rem; }
th:first-child { position: sticky; left: 0; z-index: 2; background: var(--panel); text-align: left; font-weight: 500; min-width: 8rem; max-width: 10rem; white-space: normal; overflow-wrap: break-word; border-right: 1px solid var(--line); }
thead th:first-child { z-index: 3; }
td small { display: block; color: var(--muted); font-size: .8rem; }
pre { overflow-x: auto; padding: .8rem 1rem; border: 1px solid var(--line); border-radius: 10px; background: var(--panel); font-size: .85rem; }
code { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
@media (min-width: 60rem) { th:first-child { max-width: 18rem; } }
@media print { .table, .table.long { max-height: none; overflow: visible; } }
`;
