// Starts the workbench in one of its faces: one engine, one state, one render a frame.

import { render } from 'lit';
import { Engine, isEraError, type EngineOptions } from '../index.ts';
import { Actions } from './actions.ts';
import { keepFocus } from './focus.ts';
import { newState, type Problem, type State } from './state.ts';
import { explain } from './tasks.ts';
import { page, type FaceParts } from './view/page.ts';

/** The parts that one face adds. */
export interface Face {
  readonly parts: (state: State) => FaceParts;
  /** The first action of the page. */
  readonly open: () => Promise<void>;
}

/** @param options of the engine; where its query API cannot be used, that is reported, and the page works without it */
export function startWorkbench(
  options: EngineOptions,
  given: Pick<State, 'face' | 'api' | 'path' | 'compare' | 'keeps'>,
  faceOf: (actions: Actions) => Face,
): void {
  const root = document.querySelector<HTMLElement>('#app')!;
  const restoreFocus = keepFocus(root);
  let frame = 0;
  const schedule = (): void => {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      render(page(state, actions, face.parts(state)), root);
      requestAnimationFrame(restoreFocus); // a browser removes the focus from a disabled element a moment later
    });
  };
  const state = newState({ ...given, ...startEngine({ ...options, onStatus: schedule }) });
  const actions = new Actions(state, schedule);
  const face = faceOf(actions);
  addEventListener('storage', (event) => actions.labels.follow(event));
  root.replaceChildren();
  schedule();
  void face.open();
}

function startEngine(options: EngineOptions): { engine: Engine; problem: Problem | null } {
  try {
    return { engine: new Engine(options), problem: null };
  } catch (error) {
    if (!isEraError(error) || options.query === undefined) throw error;
    return { engine: new Engine({ ...options, query: undefined }), problem: explain(error) };
  }
}
