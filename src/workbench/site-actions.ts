// Actions of the owner's face alone: open the site, and allow loading its small model.

import { encoderDownloadBytes } from '../index.ts';
import { allowModel, isModelAllowed } from '../widget/consent.ts';
import type { Actions } from './actions.ts';
import type { State } from './state.ts';
import { TuneActions } from './tune-actions.ts';
import { follow } from './view/progress.ts';

export class SiteActions {
  readonly tune: TuneActions;
  readonly #actions: Actions;
  readonly #state: State;

  constructor(actions: Actions) {
    this.#actions = actions;
    this.tune = new TuneActions(actions);
    this.#state = actions.tasks.state;
  }

  /** Opens and downloads the site's collection, and asks the question in the address. @param folder its address */
  async open(folder: string, text: string): Promise<void> {
    const isOpen = await this.#actions.tasks.run('open', 'Opening the site', async (signal, show) => {
      const collection = await this.#state.engine.open(folder, { signal });
      this.#actions.use(collection, 'network');
      this.tune.begin();
      this.#loadAllowedModel();
      await collection.download({ signal, onProgress: follow(show) });
    });
    if (isOpen && text.trim() !== '') await this.#actions.askText(text);
  }

  /** Stores the consent, which also holds for the site's own search in this browser. */
  loadModel(): void {
    allowModel();
    this.#warmUp();
  }

  #loadAllowedModel(): void {
    const published = this.#state.status.info?.encoder;
    if (!published || published.modelBase === null) return;
    if (isModelAllowed()) this.#warmUp();
    const size = encoderDownloadBytes({ model: published.model, modelBase: published.modelBase });
    void size.catch(() => 0).then((modelBytes) => this.#actions.tasks.set({ modelBytes }));
  }

  #warmUp(): void {
    const ready = this.#state.engine.warmUp();
    void ready.then(
      () => this.#actions.askAgain(),
      () => undefined, // status.encoder has the reason
    );
  }
}
