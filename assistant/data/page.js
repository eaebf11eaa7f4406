// What the page does in the browser beyond gradio: original texts beside the answer, chips that open the
// ledger, copying, judging. Everything that arrives here has been escaped by the server.
(() => {
  "use strict";
  document.documentElement.lang = "zh-CN";

  const UNREACHABLE = "无法连接服务，请检查网络后再试。";
  let panel = null;
  let opener = null;
  let latest = 0;

  function buildPanel() {
    panel = document.createElement("aside");
    panel.id = "zc-original";
    panel.hidden = true;
    panel.setAttribute("role", "dialog");
    panel.setAttribute("aria-labelledby", "zc-original-title");
    panel.innerHTML = `<div class="zc-bar"><h2 id="zc-original-title"></h2>
      <a class="zc-own" target="_blank">新窗口</a>
      <button type="button" class="zc-close">关闭<kbd>Esc</kbd></button></div>
      <div class="zc-page" tabindex="0"></div>`;
    panel.querySelector(".zc-close").addEventListener("click", closeOriginal);
    panel.addEventListener("keydown", keepFocus);
    document.body.append(panel);
  }

  // Over the answer (on a phone) the panel is all there is; beside it, Tab goes on into the answer.
  function keepFocus(event) {
    if (event.key !== "Tab" || !matchMedia("(max-width: 900px)").matches) return;
    const stops = [...panel.querySelectorAll("a, button, [tabindex]")];
    const edge = event.shiftKey ? stops[0] : stops[stops.length - 1];
    if (document.activeElement !== edge) return;
    event.preventDefault();
    stops[event.shiftKey ? stops.length - 1 : 0].focus();
  }

  async function openOriginal(link) {
    if (!panel) buildPanel();
    const turn = ++latest;
    if (!panel.contains(document.activeElement)) opener = link;
    const { title, content } = await fetchOriginal(link.href);
    if (turn !== latest) return; // another link was opened meanwhile
    panel.querySelector("h2").textContent = title;
    panel.querySelector(".zc-own").href = link.href;
    const page = panel.querySelector(".zc-page");
    page.replaceChildren(...content);
    panel.hidden = false;
    document.body.classList.add("zc-reading");
    page.focus({ preventScroll: true });
    const mark = page.querySelector("mark");
    page.scrollTop = mark ? mark.offsetTop - page.clientHeight / 4 : 0;
  }

  async function fetchOriginal(address) {
    try {
      const reply = await fetch(address, { headers: { Accept: "text/html, application/json" } });
      if (reply.redirected) location.reload(); // logged out meanwhile
      if (!reply.ok) return failed((await reply.json()).detail);
      const parsed = new DOMParser().parseFromString(await reply.text(), "text/html");
      return { title: parsed.title, content: [...parsed.querySelector("main").childNodes] };
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // fetch reports an unreachable server so
      return failed(UNREACHABLE);
    }
  }

  function failed(message) {
    const paragraph = document.createElement("p");
    paragraph.className = "zc-warning";
    paragraph.textContent = message;
    return { title: "无法打开原文", content: [paragraph] };
  }

  function closeOriginal() {
    if (!panel || panel.hidden) return;
    latest += 1;
    panel.hidden = true;
    document.body.classList.remove("zc-reading");
    if (opener && opener.isConnected) opener.focus();
  }

  function openLedger(unit) {
    document.dispatchEvent(new CustomEvent("zhengce:unit", { detail: unit }));
    closeOriginal();
    scrollTo({ top: 0 });
  }

  async function copy(button) {
    const text = button.dataset.text;
    if (isSecureContext) {
      await navigator.clipboard.writeText(text);
    } else {
      // Browsers give plain http no clipboard except on this machine; offices often run it so.
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    say(button, "已复制。");
  }

  async function judge(inside, verdict, reason) {
    const record = JSON.parse(inside.closest(".zc-actions").dataset.judged);
    try {
      const reply = await fetch("api/feedback", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ ...record, verdict, reason }),
      });
      say(inside, reply.ok ? "已记录，谢谢。" : (await reply.json()).detail);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      say(inside, UNREACHABLE);
    }
  }

  function say(inside, words) {
    inside.closest(".zc-actions").querySelector(".zc-said").textContent = words;
  }

  function act(button) {
    const action = button.dataset.action;
    if (action === "copy") return copy(button);
    if (action === "helpful") return judge(button, "helpful", "");
    const form = button.closest(".zc-actions").querySelector(".zc-reason");
    form.hidden = !form.hidden;
    button.setAttribute("aria-expanded", String(!form.hidden));
    if (!form.hidden) form.querySelector("textarea").focus();
  }

  document.addEventListener("click", (event) => {
    const found = (selector) => event.target.closest && event.target.closest(selector);
    const link = found("a[data-original]");
    const chip = found("a[data-unit]");
    const button = found("button[data-action]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      openOriginal(link);
    } else if (chip) {
      event.preventDefault();
      openLedger(chip.dataset.unit);
    } else if (button) {
      act(button);
    }
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches(".zc-reason")) return;
    event.preventDefault();
    form.hidden = true;
    judge(form, "wrong", form.querySelector("textarea").value);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeOriginal();
  });

  // A long answer is read from its top.
  function showQuestion() {
    const asked = [...document.querySelectorAll("#zc-log .zc-asked")].pop();
    if (!asked) return;
    const log = document.querySelector("#zc-log");
    if (getComputedStyle(log).overflowY === "auto") {
      log.scrollTop += asked.getBoundingClientRect().top - log.getBoundingClientRect().top - 10;
    } else {
      asked.scrollIntoView({ block: "start" });
    }
  }

  window.zhengce = { showQuestion };
})();
