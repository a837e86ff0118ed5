// What makes the pages live: GET /page.js. [pure]
//
// It asks for the page's content again, every 2 s while something is open, else every 5 s, not at
// all while nobody looks, and puts it in the place of the old one; what was opened, the place where
// the page was scrolled to and what is selected stay. The token is kept in this tab's
// sessionStorage and sent with POSTs; with reads only where they need it, for a browser's own
// password would be lost with it.
#pragma once

namespace selfheal {

inline constexpr const char* kPageScript = R"js('use strict';
(() => {
const body = document.body.dataset;
const kToken = 'selfheal-token';
const said = new Map();      // what was answered to which button, to be shown beside its successor
const touched = new Map();   // details that a person has opened or closed
let timer = 0, last = '', asking = false;

const url = (path) => body.top + path;
const token = () => sessionStorage.getItem(kToken) || '';
const content = () => document.getElementById('content');
const signed = (headers) => (token() ? {...headers, Authorization: 'Bearer ' + token()} : headers);

function keyOf(element) {
  const keys = [];
  for (let at = element; at; at = at.parentElement) if (at.dataset.key) keys.push(at.dataset.key);
  return keys.join('\n');
}

function localTimes(root) {
  for (const time of root.querySelectorAll('time[title="UTC"]')) {
    const at = new Date(time.dateTime), two = (n, to = 2) => String(n).padStart(to, '0');
    time.title = time.dateTime;
    time.textContent = at.getFullYear() + '-' + two(at.getMonth() + 1) + '-' + two(at.getDate()) +
        ' ' + two(at.getHours()) + ':' + two(at.getMinutes()) + ':' + two(at.getSeconds()) + '.' +
        two(at.getMilliseconds(), 3);
  }
}

function answerOf(button) { return button.dataset.post + '\n' + button.dataset.body; }

function tell(output, text, good) {
  output.textContent = text;
  output.className = good ? 'good' : 'bad';
}

// After the content is new: as a person has left the old one.
function restore(root) {
  for (const details of root.querySelectorAll('details'))
    if (touched.has(keyOf(details))) details.open = touched.get(keyOf(details));
  for (const say of root.querySelectorAll('.say')) {
    say.hidden = false;
    const answer = said.get(answerOf(say.firstElementChild));
    if (answer) tell(say.lastElementChild, answer.text, answer.good);
  }
  localTimes(root);
}

function show(html) {
  if (html === last) return;
  const selection = getSelection();
  if (last && selection && !selection.isCollapsed && content().contains(selection.anchorNode)) return;
  last = html;
  const fresh = new DOMParser().parseFromString(html, 'text/html').getElementById('content');
  if (!fresh) return;
  const focused = document.activeElement;
  const post = focused && focused.dataset.post ? answerOf(focused) : null;
  const row = focused && focused.tagName === 'SUMMARY' ? keyOf(focused) : null;
  const scrolled = new Map();
  for (const pre of content().querySelectorAll('details pre'))
    scrolled.set(keyOf(pre), pre.scrollTop);
  const x = scrollX, y = scrollY;
  content().replaceWith(fresh);
  restore(fresh);
  for (const pre of fresh.querySelectorAll('details pre'))
    pre.scrollTop = scrolled.get(keyOf(pre)) || 0;
  for (const button of fresh.querySelectorAll('button[data-post]'))
    if (post === answerOf(button)) button.focus({preventScroll: true});
  for (const summary of fresh.querySelectorAll('summary'))
    if (row !== null && row === keyOf(summary)) summary.focus({preventScroll: true});
  scrollTo(x, y);
}

async function refresh() {
  clearTimeout(timer);
  if (!body.fragment || document.hidden || asking) return;
  asking = true;
  const link = document.getElementById('link');
  try {
    if (body.reading === 'token' && !token()) throw new Error('the token is needed');
    const headers = body.reading === 'everyone' ? {} : signed({});
    const answer = await fetch(url(body.fragment), {headers, cache: 'no-store',
        signal: AbortSignal.timeout(10000)});
    if (answer.status === 401) throw new Error('401: the token is wrong, or the password is');
    if (!answer.ok) throw new Error(answer.status + ': ' + (await answer.text()).slice(0, 200));
    show(await answer.text());
    tell(link, 'Live', true);
  } catch (fault) {
    tell(link, (last ? 'What is shown is old. ' : '') + fault.message, false);
  }
  asking = false;
  timer = setTimeout(refresh, content().dataset.live === '1' ? 2000 : 5000);
}

async function post(path, json, output) {
  tell(output, '…', true);
  try {
    const answer = await fetch(url(path), {method: 'POST', body: json,
        headers: signed({'Content-Type': 'application/json'}), signal: AbortSignal.timeout(10000)});
    const text = await answer.text();
    let reply = {};
    try { reply = JSON.parse(text); } catch (fault) { reply = {error: text.slice(0, 200)}; }
    if (!answer.ok) throw new Error(reply.error || 'answered ' + answer.status);
    tell(output, 'done', true);
  } catch (fault) {
    tell(output, fault.message, false);
  }
  refresh();
  return {text: output.textContent, good: output.className === 'good'};
}

document.addEventListener('click', async (event) => {
  const button = event.target.closest('button[data-post]');
  if (!button) return;
  const key = answerOf(button), output = button.nextElementSibling;
  said.set(key, await post(button.dataset.post, button.dataset.body, output));
  restore(content());
  setTimeout(() => { said.delete(key); }, 15000);
});

// A click comes before what it does. (The event "toggle" also comes for what the server has opened.)
document.addEventListener('click', (event) => {
  const summary = event.target.closest('summary');
  if (summary) touched.set(keyOf(summary), !summary.parentElement.open);
});

const auth = document.getElementById('auth');
if (auth) auth.addEventListener('submit', async (event) => {
  event.preventDefault();
  const field = document.getElementById('token');
  sessionStorage.setItem(kToken, field.value);
  tell(auth.querySelector('output'), field.value ? 'kept until this tab is closed' : 'forgotten', true);
  await refresh();
});

const pause = document.getElementById('pause');
if (pause) {
  const fields = () => {
    const scope = pause.elements.scope.value;
    pause.querySelector('.host').hidden = scope === 'all';
    pause.querySelector('.name').hidden = scope === 'all' || scope === 'host';
    return scope;
  };
  pause.addEventListener('change', fields);
  pause.addEventListener('submit', (event) => {
    event.preventDefault();
    const scope = fields(), said = {scope};
    const take = (name) => {
      const value = pause.elements[name].value.trim();
      if (value) said[name] = value;
    };
    if (scope !== 'all') take('host');
    if (scope !== 'all' && scope !== 'host') take('name');
    take('for');
    take('reason');
    post('api/v1/pause', JSON.stringify(said), pause.querySelector('output'));
  });
  fields();
}

for (const form of document.querySelectorAll('form.js')) form.hidden = false;
if (auth) document.getElementById('token').value = token();
document.addEventListener('visibilitychange', refresh);
restore(content());
if (body.reading === 'token') refresh();
else timer = setTimeout(refresh, content().dataset.live === '1' ? 2000 : 5000);
})();
)js";

}  // namespace selfheal
