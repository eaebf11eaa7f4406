"""The look of the page and what it does in the browser: no outside assets."""

from importlib import resources

_COLOURS = """
:root {
  --zc-ink: #1f2937; --zc-soft: #475569; --zc-line: #d8dee9; --zc-paper: #ffffff; --zc-tint: #eff4ff;
  --zc-accent: #1d4ed8; --zc-mark: #fde68a; --zc-lead: #b91c1c; --zc-lead-tint: #fef2f2;
  --zc-support: #475569; --zc-support-tint: #f1f5f9;
}
.dark {
  --zc-ink: #e5e7eb; --zc-soft: #b6c2d4; --zc-line: #374357; --zc-paper: #1b2433; --zc-tint: #1d2c4d;
  --zc-accent: #93b8ff; --zc-mark: #7c5b00; --zc-lead: #fca5a5; --zc-lead-tint: #3f1d1d;
  --zc-support: #cbd5e1; --zc-support-tint: #273244;
}
"""

#: The text of a document, in the page's panel and in a window of its own.
_TEXT = """
.zc-text { font-size: 16px; line-height: 1.9; color: var(--zc-ink); overflow-wrap: anywhere; }
.zc-text mark { background: var(--zc-mark); color: inherit; padding: 2px 0; border-radius: 2px; }
.zc-facts {
  display: flex; flex-wrap: wrap; gap: 2px 16px; margin: 4px 0 8px; font-size: 14px; color: var(--zc-soft);
}
"""

ORIGINAL_CSS = f"""{_COLOURS}{_TEXT}
body {{ margin: 0; background: var(--zc-paper); font-family: system-ui, "PingFang SC", "Microsoft YaHei",
  "Noto Sans CJK SC", sans-serif; }}
main {{ max-width: 720px; margin: 0 auto; padding: 20px 16px 60px; }}
mark {{ scroll-margin-top: 25vh; }}
"""

# Gradio puts its own container before the selectors of a page's sheet; the panel stands outside of it.
_PANEL = """
#zc-original {
  position: fixed; z-index: 900; inset: 0 0 0 auto; width: 46vw; display: flex; flex-direction: column;
  background: var(--zc-paper); color: var(--zc-ink); border-left: 1px solid var(--zc-line);
  box-shadow: -2px 0 12px rgb(15 23 42 / .12);
}
#zc-original[hidden] { display: none; }
.zc-bar {
  display: flex; gap: 12px; align-items: center; padding: 10px 16px; border-bottom: 1px solid var(--zc-line);
}
.zc-bar h2 { flex: 1; margin: 0; font-size: 16px; font-weight: 700; line-height: 1.4; color: var(--zc-ink); }
.zc-bar a { color: var(--zc-accent); font-size: 14px; white-space: nowrap; }
.zc-bar button {
  padding: 4px 12px; min-height: 34px; border: 1px solid var(--zc-soft); border-radius: 6px;
  background: var(--zc-paper); color: var(--zc-ink); font-size: 14px; white-space: nowrap; cursor: pointer;
}
.zc-bar kbd { margin-left: 6px; font-size: 12px; color: var(--zc-soft); }
.zc-page { flex: 1; overflow-y: auto; position: relative; padding: 12px 20px 40px; }
@media (min-width: 901px) {
  body.zc-reading .gradio-container { width: 54vw !important; margin: 0 !important; }
  body.zc-reading #zc-side { display: none; }
}
@media (max-width: 900px) {
  #zc-original { width: 100vw; border-left: 0; }
  body.zc-reading { overflow: hidden; }
  .zc-bar kbd { display: none; }
  .zc-page { padding: 10px 14px 40px; }
}
"""

_PAGE = """
.gradio-container {
  width: 100%; max-width: 1360px !important; margin: 0 auto !important; padding: 0 !important;
  overflow: visible !important; /* hidden, nothing inside could stick to the window's edge */
}
.gradio-container .fillable { padding: 0 16px !important; }
.gradio-container main { padding: 0 !important; }
.gradio-container .html-container { padding: 0 !important; }
.gradio-container :focus-visible { outline: 2px solid var(--zc-accent); outline-offset: 1px; }
.zc-header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px 14px; padding: 14px 0 4px; }
.zc-header h1 { font-size: 22px; font-weight: 700; margin: 0; color: var(--zc-ink); }
.zc-header p, .zc-footer, .zc-account { margin: 0; font-size: 14px; color: var(--zc-soft); }
.zc-account { margin-left: auto; }
.zc-account button { margin-left: 8px; color: var(--zc-accent); text-decoration: underline; cursor: pointer; }
.zc-footer { padding: 10px 0 16px; text-align: center; }
.zc-footer a { color: var(--zc-accent); }

#zc-log {
  height: calc(100vh - 270px); min-height: 340px; overflow-y: auto !important; scrollbar-gutter: stable;
  border: 1px solid var(--zc-line); border-radius: 8px; background: var(--zc-paper);
  padding: 14px 16px !important;
}
.zc-welcome { display: grid; gap: 8px; place-content: center; min-height: 300px; text-align: center; }
.zc-welcome b { font-size: 18px; color: var(--zc-ink); }
.zc-welcome span { font-size: 15px; color: var(--zc-soft); }
.zc-exchange { margin: 0 0 28px; color: var(--zc-ink); font-size: 16px; line-height: 1.75; }
.zc-exchange:last-child { margin-bottom: 0; }
.zc-asked { display: flex; justify-content: flex-end; margin: 0 0 12px; scroll-margin-top: 8px; }
.zc-asked span {
  max-width: 85%; padding: 6px 14px; border-radius: 14px 14px 2px 14px; background: #1d4ed8; color: #fff;
  white-space: pre-wrap; overflow-wrap: anywhere;
}
.zc-reply { overflow-wrap: anywhere; }
.zc-reply p, .zc-reply ol, .zc-reply ul, .zc-reply table { margin: 0 0 10px; }
.zc-reply ol, .zc-reply ul { padding-left: 28px; }
.zc-reply ol { list-style: decimal; }
.zc-reply ul { list-style: disc; }
.zc-reply blockquote {
  margin: 0 0 10px !important; padding: 2px 0 2px 12px; border-left: 3px solid var(--zc-accent);
  color: var(--zc-ink);
}
.zc-reply blockquote p { margin: 0; }
.zc-reply table { border-collapse: collapse; font-size: 15px; }
.zc-reply th, .zc-reply td { border: 1px solid var(--zc-line); padding: 4px 10px; text-align: left; }
.zc-scroll { overflow-x: auto; }
.zc-busy { color: var(--zc-soft); }
.zc-error { color: var(--zc-lead); }
#zc-log a, #zc-evidence a, #zc-clauses a, #zc-preview a, #zc-listing a, .zc-ledger a { margin: 0; }
a.zc-cite {
  padding: 0; color: var(--zc-accent); text-decoration: underline; text-underline-offset: 3px;
}
.zc-actions {
  display: flex; flex-wrap: wrap; gap: 6px; align-items: center; margin-top: 10px; font-size: 14px;
}
.zc-actions form { display: contents; }
.zc-actions form[hidden] { display: none; }
.zc-actions button {
  padding: 4px 12px; min-height: 32px; border: 1px solid var(--zc-line); border-radius: 6px;
  background: var(--zc-paper); color: var(--zc-ink); font-size: 14px; cursor: pointer; margin: 0;
}
.zc-actions button:hover { border-color: var(--zc-accent); color: var(--zc-accent); }
.zc-actions .zc-reason { display: flex; flex-basis: 100%; gap: 8px; align-items: flex-end; order: 1; }
.zc-actions .zc-reason[hidden] { display: none; }
.zc-reason label { flex: 1; color: var(--zc-soft); }
.zc-reason textarea {
  display: block; width: 100%; padding: 6px 8px; border: 1px solid var(--zc-soft); border-radius: 6px;
  background: var(--zc-paper); color: var(--zc-ink); font-size: 16px;
}
.zc-said { color: var(--zc-soft); }

#zc-ask { align-items: stretch; flex-wrap: nowrap; gap: 8px; }
#zc-ask button {
  flex: 0 0 auto; min-width: 64px !important; padding: 0 14px; font-size: 16px; white-space: nowrap;
}
#zc-ask textarea { font-size: 16px; }
#zc-ask textarea::placeholder { color: var(--zc-soft); }
#zc-options { align-items: stretch; }
#zc-plain { display: flex; align-items: center; }
#zc-scope label, #zc-scope .container { display: flex; align-items: center; gap: 12px; }
#zc-scope label > span, #zc-scope .container > span { margin: 0; white-space: nowrap; font-size: 14px; }
#zc-scope .wrap { flex: 1; }
.zc-audience { margin: 2px 0 0; font-size: 14px; color: var(--zc-soft); }
.zc-example-row { gap: 6px !important; }
.zc-example-row button {
  flex: 0 1 auto !important; font-size: 14px; font-weight: 400; text-align: left;
  white-space: normal; padding: 6px 10px;
}

#zc-evidence { overflow-wrap: anywhere; }
.zc-empty, .zc-how, .zc-count { color: var(--zc-soft); font-size: 14px; margin: 8px 0; }
.zc-empty { border: 1px dashed var(--zc-line); border-radius: 8px; padding: 14px; }
.zc-heading { font-size: 16px; font-weight: 700; color: var(--zc-ink); margin: 4px 0 6px; }
.zc-heading small { font-weight: 400; font-size: 13px; color: var(--zc-soft); margin-left: 8px; }
.zc-chips { display: flex; flex-wrap: wrap; gap: 6px; margin: 4px 0; }
a.zc-chip {
  display: inline-flex; gap: 5px; align-items: baseline; padding: 2px 10px; border-radius: 999px;
  font-size: 14px; text-decoration: none; cursor: pointer;
  line-height: 1.6; color: var(--zc-accent); background: var(--zc-tint); border: 1px solid currentColor;
}
a.zc-chip:hover { text-decoration: underline; }
.zc-chip small { font-size: 12px; }
a.zc-lead { color: var(--zc-lead); background: var(--zc-lead-tint); }
a.zc-support { color: var(--zc-support); background: var(--zc-support-tint); }
.zc-label { color: var(--zc-accent); font-weight: 700; margin-right: 8px; white-space: nowrap; }
.zc-source { font-size: 13px; color: var(--zc-soft); margin: 0; }

.zc-card, .zc-document {
  border: 1px solid var(--zc-line); border-radius: 8px; background: var(--zc-paper); color: var(--zc-ink);
  margin: 0 0 10px; padding: 10px 12px;
}
.zc-clause, .zc-document h3 {
  font-size: 16px; font-weight: 600; line-height: 1.5; margin: 0; color: var(--zc-ink);
}
a.zc-quote {
  display: block; margin: 6px 0 0; padding: 3px 8px 3px 10px; border-left: 3px solid var(--zc-accent);
  color: var(--zc-ink); text-decoration: none; text-align: left; border-radius: 0 6px 6px 0; cursor: pointer;
}
a.zc-quote:hover { background: var(--zc-tint); }
a.zc-quote q {
  quotes: none; font-size: 15px; line-height: 1.7;
  display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 4; overflow: hidden;
}

#zc-download > div, #zc-download .prose { display: flex; flex-wrap: wrap; gap: 10px; }
a.zc-download {
  display: inline-block; padding: 6px 16px; margin-right: 8px; border-radius: 8px; background: #1d4ed8;
  color: #fff; text-decoration: none; font-size: 15px; border: 1px solid #1d4ed8;
}
a.zc-second { background: var(--zc-paper); color: var(--zc-accent); }
.zc-picture { max-width: none !important; display: block; margin: 0 !important; }
.zc-ledger { width: 100%; border-collapse: collapse; font-size: 15px; color: var(--zc-ink); }
table.zc-ledger, .zc-ledger tr { border: 0 !important; padding: 0; }
.zc-ledger th {
  white-space: nowrap; text-align: left; font-size: 14px; color: var(--zc-soft); background: var(--zc-tint);
}
.zc-ledger th, .zc-ledger td {
  padding: 8px 10px; vertical-align: top;
  border-width: 0 0 1px !important; border-color: var(--zc-line) !important;
}
.zc-ledger td:nth-child(2) { min-width: 180px; }
.zc-ledger td:nth-child(4) { white-space: nowrap; }
.zc-ledger td:nth-child(5) { max-width: 240px; }

.zc-facts a { margin-right: 4px; }
.zc-preview { display: grid; grid-template-columns: auto 1fr; gap: 2px 14px; margin: 8px 0; font-size: 15px; }
.zc-preview dt { color: var(--zc-soft); }
.zc-preview dd { margin: 0; color: var(--zc-ink); overflow-wrap: anywhere; }
.zc-done { color: var(--zc-ink); font-size: 15px; margin: 6px 0; font-weight: 600; }
.zc-tree {
  border: 1px solid var(--zc-line); border-radius: 8px; background: var(--zc-paper); padding: 4px 12px 8px;
}
#zc-preview .zc-tree { max-height: 50vh; overflow-y: auto; }
.zc-node { color: var(--zc-ink); border-top: 1px solid var(--zc-line); padding: 6px 0; }
.zc-tree > .zc-node:first-child { border-top: 0; }
.zc-node .zc-node { margin-left: 16px; }
.zc-node > summary { font-size: 15px; line-height: 1.7; cursor: pointer; list-style: none; }
.zc-node summary::-webkit-details-marker { display: none; }
.zc-node > summary::before { content: "▸"; color: var(--zc-soft); margin-right: 6px; }
.zc-node[open] > summary::before { content: "▾"; }
.zc-node[open] > summary { font-weight: 600; }
.zc-full {
  margin-top: 8px; font-size: 15px; line-height: 1.8; color: var(--zc-ink); overflow-wrap: anywhere;
}
.zc-warning { color: var(--zc-lead); font-size: 14px; margin: 4px 0; }

@media (max-width: 720px) {
  .gradio-container .fillable { padding: 0 10px !important; }
  .zc-header { padding: 8px 0 2px; }
  .zc-header h1 { font-size: 19px; }
  .zc-header p { font-size: 13px; }
  .zc-columns { flex-direction: column; }
  .zc-columns > * { min-width: 0 !important; width: 100%; }
  #zc-log { height: auto; min-height: 0; padding: 12px !important; overflow: visible !important; }
  .zc-welcome { min-height: 120px; }
  #zc-ask {
    position: sticky; bottom: 0; z-index: 20; padding: 8px 0; background: var(--body-background-fill);
  }
  #zc-ask button { padding: 0 10px; min-width: 56px !important; }
  .zc-ledger, .zc-ledger tbody { display: block; margin: 0; }
  .zc-ledger thead { display: none; }
  .zc-ledger tr {
    display: block; margin-bottom: 10px; padding: 6px 0;
    border: 1px solid var(--zc-line) !important; border-radius: 8px;
  }
  .zc-ledger td { display: block; border-width: 0 !important; padding: 3px 12px; max-width: none !important; }
  .zc-ledger td:nth-child(3)::before, .zc-ledger td:nth-child(4)::before {
    content: attr(data-name) "："; font-size: 13px; color: var(--zc-soft);
  }
  .zc-node .zc-node { margin-left: 8px; }
}
"""

CSS = _PAGE


def head() -> str:
    """The page's script and the look of its panel, as elements of its head."""
    script = (resources.files("assistant") / "data" / "page.js").read_text(encoding="utf-8")
    return f"<style>{_COLOURS}{_TEXT}{_PANEL}</style><script>{script}</script>"
