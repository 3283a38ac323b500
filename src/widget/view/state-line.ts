// Status line: how results were ranked and why it is degraded, running downloads, and what the visitor may allow.

import { html, nothing, type TemplateResult } from 'lit';
import type { Answer, EncoderStatus, Progress } from '../../index.ts';
import { fill, sizeText } from '../texts.ts';
import type { Texts } from '../interface-texts.ts';

export interface StateView {
  readonly texts: Texts;
  readonly language: string;
  readonly answer: Answer | null;
  /** A better answer to the same question is pending. */
  readonly isImproving: boolean;
  /** Vectors are wanted, and the site has them. */
  readonly isSemantic: boolean;
  readonly isOnline: boolean;
  readonly isComplete: boolean;
  readonly encoder: EncoderStatus;
  /** Progress of the index's download. */
  readonly progress: Progress | null;
  /**
   * Bytes of the language model, where the visitor is to be asked; 0 where they are unknown, null where there is
   * nothing to ask.
   */
  readonly consentBytes: number | null;
  /** Bytes of the index that are downloaded only with the visitor's consent; null where there is nothing to ask. */
  readonly indexBytes: number | null;
  readonly allowModel: () => void;
  readonly loadIndex: () => void;
}

export function stateLine(view: StateView): TemplateResult {
  const { texts, language, consentBytes, indexBytes, encoder } = view;
  return html`<div class="state" part="state">
    ${view.answer ? html`<p class="source" part="source" data-ranking=${view.answer.source.ranking} data-vector=${view.answer.source.vector}>${sourceText(view, view.answer)}</p>` : nothing}
    ${encoder.state === 'loading' ? modelProgress(texts, encoder.load, language) : nothing}
    ${view.progress ? html`<progress class="thin" part="progress" aria-label=${texts.inBrowser} max=${view.progress.total ?? 1} .value=${view.progress.total === null ? 0 : view.progress.done}></progress>` : nothing}
    ${
      consentBytes === null
        ? nothing
        : html`<button class="offer" part="consent" type="button" @click=${view.allowModel}>
          ${texts.consent}${consentBytes === 0 ? nothing : html` <small>(${fill(texts.download, { size: sizeText(consentBytes, language) })})</small>`}
        </button>`
    }
    ${
      indexBytes === null
        ? nothing
        : html`<button class="offer" part="load-index" type="button" @click=${view.loadIndex}>${fill(texts.loadIndex, { size: sizeText(indexBytes, language) })}</button>`
    }
  </div>`;
}

/** The small files arrive first, so only the bytes of a large one show progress; later phases have no bytes. */
function modelProgress(texts: Texts, load: Progress | null, language: string): TemplateResult {
  const { phase, done, total } = load ?? { phase: 'fetch', done: 0, total: null };
  const label =
    phase === 'compile' ? texts.preparingModel : phase === 'check' ? texts.checkingModel : texts.loadingModel;
  const known = total !== null && total > 1e6;
  return html`<label class="loading"
    >${label} <progress part="progress" max=${known ? total : nothing} value=${known ? done : nothing}></progress> ${
      known
        ? html`<span><bdi>${sizeText(done, language)}</bdi> / <bdi>${sizeText(total, language)}</bdi></span>`
        : nothing
    }</label
  >`;
}

/** Whether a model has read the query, here or behind an API. */
export function hasModel({ vector }: Answer['source']): boolean {
  return vector !== 'none' && vector !== 'static';
}

/** How the answer was ranked, why it is degraded, and where the index is. */
function sourceText(
  { texts, isImproving, isSemantic, isOnline, isComplete, encoder, progress }: StateView,
  { source, degraded }: Answer,
): string {
  const parts: string[] = [];
  if (source.ranking === 'hybrid') {
    parts.push(
      {
        remote: texts.byApi,
        cache: texts.bySaved,
        local: texts.onDevice,
        static: texts.byTable,
        none: texts.keywordsOnly,
      }[source.vector],
    );
  } else parts.push(texts.keywordsOnly);
  if (!hasModel(source)) {
    if (!isOnline) parts.push(texts.offline);
    else if (degraded || encoder.state === 'failed') parts.push(texts.modelAway);
    else if (source.ranking === 'keyword' && isSemantic && (isImproving || progress !== null))
      parts.push(texts.meaningFollows);
  }
  if (isComplete && source.index === 'store') parts.push(texts.inBrowser);
  return parts.join(' · ');
}
