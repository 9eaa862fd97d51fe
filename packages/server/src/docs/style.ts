/** The pages' stylesheet: system fonts, no image, light and dark by the reader's setting. */
export const STYLE = `:root {
  --text: #1c1e21; --muted: #5c6370; --line: #e2e5ea; --paper: #ffffff; --raised: #f6f7f9;
  --link: #0b5cad; --accent: #0b5cad;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e4e6ea; --muted: #9aa3b2; --line: #30353d; --paper: #15171b; --raised: #1e2126;
    --link: #7db8f5; --accent: #7db8f5;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--paper); color: var(--text);
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
}
a { color: var(--link); text-decoration-thickness: 1px; text-underline-offset: 2px; }
a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
header {
  display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; justify-content: space-between;
  padding: .75rem 1.5rem; border-bottom: 1px solid var(--line);
}
header nav { display: flex; gap: 1.25rem; }
.brand { color: var(--text); font-weight: 650; text-decoration: none; }
.columns { display: flex; gap: 3rem; max-width: 80rem; margin: 0 auto; padding: 1.5rem; }
.menu { flex: 0 0 14rem; font-size: .925rem; }
.menu h2 { margin: 1.25rem 0 .25rem; font-size: .8rem; color: var(--muted); font-weight: 600; }
.menu h2:first-child { margin-top: 0; }
.menu ul { margin: 0; padding: 0; list-style: none; }
.menu a { display: block; padding: .15rem 0; color: var(--text); text-decoration: none; }
.menu a:hover { text-decoration: underline; }
.menu a[aria-current] { color: var(--accent); font-weight: 600; }
main { flex: 1 1 auto; min-width: 0; max-width: 48rem; overflow-wrap: break-word; }
h1 { margin: 0 0 1rem; font-size: 1.85rem; line-height: 1.25; text-wrap: balance; }
main h2 { margin: 2.25rem 0 .75rem; font-size: 1.3rem; }
main h3 { margin: 1.75rem 0 .5rem; font-size: 1.075rem; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; font-size: .875em; }
:not(pre) > code { padding: .1em .3em; border-radius: 4px; background: var(--raised); }
pre { padding: .85rem 1rem; overflow-x: auto; border: 1px solid var(--line); border-radius: 6px; background: var(--raised); line-height: 1.5; }
.wide { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; font-size: .925rem; }
th, td { padding: .4rem .9rem .4rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { color: var(--muted); font-weight: 600; }
td code { overflow-wrap: normal; white-space: nowrap; }
blockquote { margin: 1rem 0; padding: .1rem 1rem; border-left: 3px solid var(--line); color: var(--muted); }
footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line); font-size: .875rem; }
@media (max-width: 50rem) {
  .columns { flex-direction: column; gap: 1.5rem; }
  .menu { flex: none; order: 2; border-top: 1px solid var(--line); padding-top: 1rem; }
  main { max-width: none; }
}
@media print { header, .menu, footer { display: none; } }
`;

/** A trunk that branches: one line in, three out. */
export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" stroke="#0b5cad" stroke-width="3.5" stroke-linecap="round"><path d="M3 16h26M11 16l12-10M11 16l12 10"/></svg>
`;
