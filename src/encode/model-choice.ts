// How a model is chosen: by a name, by its folder, or by a description that supplements its files.

import type { ModelDescription } from './models.ts';

/** A partial description; the rest is read from the model's own files. */
export type ModelOptions = Pick<ModelDescription, 'name'> & {
  readonly [Field in Exclude<keyof ModelDescription, 'name'>]?: ModelDescription[Field] | undefined;
};

/** A name on the hub or below the model base, the address of a folder (`./models/mine/`), or a description. */
export type ModelChoice = string | ModelOptions;

export interface LocatedModel {
  /** At least the model's name. */
  readonly model: ModelOptions;
  /** Folder that holds `<name>/…`, with a slash at the end. */
  readonly base: string;
}

/** @param base where the choice names no folder */
export function locateModel(choice: ModelChoice, base: string): LocatedModel {
  const model = typeof choice === 'string' ? { name: choice } : choice;
  const folder = /^(?<parent>(?:\.{0,2}\/|https?:\/\/).*?)(?<name>[^/]+)\/*$/s.exec(model.name)?.groups;
  return folder
    ? { model: { ...model, name: folder['name']! }, base: folder['parent']! }
    : { model, base: base.replace(/\/?$/, '/') };
}
