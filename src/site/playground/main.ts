// The page of a site's owner: one engine on the site's own index one folder up, one state, one render a frame.

import '../../widget/era-search.ts'; // whole, so that what both need stays in the element's one script and is not split from it
import { render } from 'lit';
import { Engine, isEraError } from '../../index.ts';
import { Actions } from './actions.ts';
import { readQueryApi, toRemoteOptions } from './query-api.ts';
import { NOTHING_ASKED, type State } from './state.ts';
import { statusOf } from '../../page/status.ts';
import { explain, type Problem } from '../../page/tasks.ts';
import { page } from './view/page.ts';

/** The element on the site's pages opens the same folder: what rests in the browser is shared with it, adapters too. */
const SITE = new URL('../', location.href).href;

const root = document.querySelector<HTMLElement>('#app')!;
let frame = 0;
const schedule = (): void => {
  frame ||= requestAnimationFrame(() => {
    frame = 0;
    render(page(state, actions), root);
  });
};

const api = readQueryApi(new URLSearchParams(location.search), localStorage);
const { engine, problem } = start();

const state: State = {
  engine,
  get status() {
    return statusOf(engine, state.collection);
  },
  collection: null,
  api,
  modelBytes: null,
  question: NOTHING_ASKED,
  answers: null,
  labels: [],
  unanswered: [],
  labelNote: '',
  lesson: null,
  tasks: [],
  problem,
  notice: '',
};
const actions = new Actions(state, SITE, schedule);

root.replaceChildren();
schedule();
void actions.start();

/** A query API that cannot be used is told of; the page works without it. */
function start(): { engine: Engine; problem: Problem | null } {
  try {
    return { engine: new Engine({ ...(api ? { query: toRemoteOptions(api) } : {}), onStatus: schedule }), problem: null };
  } catch (error) {
    if (!isEraError(error)) throw error;
    return { engine: new Engine({ onStatus: schedule }), problem: explain(error) };
  }
}
