// `era-search evaluate`: reads tasks and vectors, measures every method on every task's evaluation half, and writes a
// report.

import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PATH_READERS, reads, type LinearAdapter, type QueryPath } from '../../adapter/adapter.ts';
import { readAdapter } from '../../adapter/file.ts';
import { describeModel } from '../../encode/describe-model.ts';
import { STATIC_MODEL } from '../../encode/static/table-encoder.ts';
import { portableWeights, type ModelDescription } from '../../encode/models.ts';
import { EraError, messageOf } from '../../errors.ts';
import { mean } from '../../evaluate/statistics.ts';
import { spaceId, type Space } from '../../space.ts';
import type { CommandIo } from '../command-io.ts';
import { findGeneralTable } from '../general-table.ts';
import { alignSystems } from './align-systems.ts';
import { codeHash } from '../code-hash.ts';
import type { System } from './system.ts';
import { eraSystems } from './era-systems.ts';
import { parseEvaluateOptions, USAGE, type EvaluateOptions } from './evaluate-options.ts';
import { hybridSystems } from './hybrid-systems.ts';
import { labelSystems } from './label-systems.ts';
import { loadTasks, type SplitTask } from './load-tasks.ts';
import { measure } from './measure.ts';
import { METHODS } from './systems.ts';
import { defaultSystems } from './default-systems.ts';
import { openQueryModel } from './query-model.ts';
import { makeReport, type Report } from './report.ts';
import type { Measured } from './result.ts';
import { SavedRun } from './saved-run.ts';
import { runSystems } from './run-systems.ts';
import { SMALL, SMALL_INSTRUCT } from './small-systems.ts';
import { STATIC_METHODS, staticSystems } from './static-systems.ts';
import { openLocalEncoder } from './text-encoders.ts';
import { TrecRuns, writeTrecQrels } from './trec-files.ts';
import { taskHash, taskSource, type TaskSource } from './vector-tasks.ts';
import { assertWritable, writeReport } from './write-report.ts';

interface Prepared {
  readonly tasks: TaskSource;
  readonly domains: ReadonlyMap<string, string>;
  readonly small: Space;
  readonly queryModel: Space | null;
  readonly base: LinearAdapter | undefined;
  readonly saved: SavedRun;
}

/**
 * @returns the exit code, 0
 * @throws EraError for bad flags, bad files, and whatever a model, a server or a method throws; the signal's reason
 */
export async function runEvaluate(args: string[], io: CommandIo): Promise<number> {
  const options = parseEvaluateOptions(args, io.note);
  if (options.help) {
    io.print(USAGE);
    return 0;
  }
  await assertWritable(options);
  const { splits, seed, sample, domains } = options;
  const splitTasks = await loadTasks(
    options.tasks,
    { splitsPath: splits, seed, samplePassages: sample, domainsPath: domains },
    io,
  );
  const runs = await runSystems(options.runs, splitTasks);
  if (options.trec !== undefined) await writeTrecQrels(options.trec, splitTasks);
  const report = await withTasks(splitTasks, options, io, (prepared) =>
    evaluate(prepared, runs, options, commandOf(args), io),
  );
  await writeReport(report, options, io);
  return 0;
}

/** Embeds the texts that the cache does not have. Models are freed before anything is learned. */
async function withTasks<T>(
  splitTasks: readonly SplitTask[],
  options: EvaluateOptions,
  io: CommandIo,
  use: (prepared: Prepared) => Promise<T>,
): Promise<T> {
  const { methods, paths, cache, seed, localDevice } = options;
  const takesAny = methods.some((method) => METHODS[method].paths === 'any');
  const wantsRemote =
    methods.some((method) => METHODS[method].paths === 'remote') ||
    (takesAny && paths.some((path) => reads(path, 'remote')));
  const small = await openLocalEncoder(options.documentModel, options.models, cache, io);
  let local = small;
  try {
    if (localDevice !== 'cpu')
      local = await openLocalEncoder(options.documentModel, options.models, cache, io, localDevice);
    const queryModel = wantsRemote ? await openQueryModel(options, splitTasks, io) : null;
    try {
      const base =
        queryModel && options.base !== 'others'
          ? await readBase(options.base, queryModel.space, small.space)
          : undefined;
      const wantInstructed = methods.includes('small-instruct');
      const wantQueries = takesAny && paths.includes('static');
      const wantsStatic = wantQueries || methods.some((method) => STATIC_METHODS.some((name) => name === method));
      const table = wantsStatic ? await findGeneralTable(options.models, small.space) : null;
      const { queryPrompt: localPrompt } =
        options.documentModel === STATIC_MODEL ? { queryPrompt: '' } : await documentModelOf(options);
      const tasks = taskSource(
        splitTasks,
        {
          small,
          local,
          localPrompt,
          queryModel,
          wantInstructed,
          static: wantsStatic ? { general: table?.general ?? null, wantQueries, signal: io.signal } : null,
        },
        cache,
        options.memoryBytes,
      );
      const hash = createHash('sha256').update(JSON.stringify([codeHash(), seed, base?.provenance ?? '']));
      if (base) hash.update(base.weight).update(base.bias);
      if (wantsStatic) hash.update(table?.sha256 ?? 'none');
      for (const { name, passages, order } of splitTasks) {
        io.signal?.throwIfAborted();
        io.note(`${name}: ${passages} passages, ${order.length} labelled queries`);
        hash.update(taskHash(await tasks.load(name)));
      }
      await Promise.all([small.release(), local.release(), queryModel?.release()]);
      return await use({
        tasks,
        domains: new Map(splitTasks.map(({ name, domain }) => [name, domain])),
        small: small.space,
        queryModel: queryModel && queryModel.space,
        base,
        saved: new SavedRun(cache, hash.digest('hex'), options.fresh),
      });
    } finally {
      await queryModel?.close();
    }
  } finally {
    await small.close();
    if (local !== small) await local.close();
  }
}

async function evaluate(
  prepared: Prepared,
  runs: readonly System[],
  options: EvaluateOptions,
  command: string,
  io: CommandIo,
): Promise<Report> {
  const { tasks, small, queryModel, saved } = prepared;
  const inputs = { static: small.dims, local: small.dims, remote: queryModel?.dims ?? 0 };
  const dIn = (path: QueryPath): number => PATH_READERS[path].reduce((sum, reader) => sum + inputs[reader], 0);
  if (saved.size > 0) io.note(`${saved.size} results of an earlier run are there.`);
  const trec = options.trec === undefined ? undefined : new TrecRuns(options.trec, saved);
  const measured = await measure([SMALL, ...systems(prepared, options, io), ...runs], {
    tasks,
    saved,
    runs: trec,
    modelBytes: await modelBytes(options),
    adapterBytes: (path) => Float32Array.BYTES_PER_ELEMENT * (dIn(path) + 1) * small.dims,
    io,
  });
  for (const each of measured) noteMacro(each, io);
  await trec?.write(
    measured.map(({ system }) => system),
    tasks.names,
  );
  const baseline = measured[0]!;
  const run = {
    command,
    date: new Date().toISOString().slice(0, 10),
    seed: options.seed,
    documents: spaceId(small),
    queries: queryModel && spaceId(queryModel),
  };
  return makeReport(run, options.methods.includes('small') ? measured : measured.slice(1), baseline);
}

/** All systems but the small model, which is always measured first. */
function systems(
  { tasks, domains, small, queryModel, base, saved }: Prepared,
  options: EvaluateOptions,
  io: CommandIo,
): System[] {
  const { methods, paths, ratios, seed, checkpointMs } = options;
  const setting = { tasks, small, queryModel, base, seed, io };
  return [
    ...(methods.includes('small-instruct') ? [SMALL_INSTRUCT] : []),
    ...(queryModel ? eraSystems({ ...setting, queryModel, saved, checkpointMs }, domains, methods, ratios) : []),
    ...(queryModel ? alignSystems({ ...setting, queryModel }, methods) : []),
    ...labelSystems(setting, methods, paths, ratios),
    ...(methods.includes('closed-form') ? defaultSystems(setting, paths, ratios) : []),
    ...staticSystems(methods),
    ...hybridSystems(methods, () => defaultSystems(setting, paths, ratios)),
  ];
}

/** @throws EraError `invalid-option`, `adapter-format`, `space-mismatch`, `dimension-mismatch`, `not-finite` */
async function readBase(path: string, from: Space, to: Space): Promise<LinearAdapter> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new EraError('invalid-option', `Cannot read the base adapter ${path}: ${messageOf(cause)}`, { cause });
  });
  // Recorded vectors do not name their model, only their dimensions.
  const recorded = from.revision === 'recorded';
  const base = readAdapter(Uint8Array.from(bytes), {
    expect: { path: 'remote', to: spaceId(to), ...(recorded ? {} : { from: [spaceId(from)] }) },
  });
  if (base.dIn !== from.dims)
    throw new EraError(
      'dimension-mismatch',
      `The base adapter ${path} takes ${base.dIn} dimensions, and the query vectors have ${from.dims}.`,
    );
  return base;
}

/** Bytes that a page loads before the small model embeds a query. */
async function modelBytes(options: EvaluateOptions): Promise<number> {
  const { documentModel, models } = options;
  if (documentModel === STATIC_MODEL) return 0;
  const files = [
    'tokenizer.json',
    'tokenizer_config.json',
    'golden.json',
    `onnx/${portableWeights(await documentModelOf(options)).file}`,
  ];
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(models, documentModel, file))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

function documentModelOf({
  documentModel,
  models,
}: Pick<EvaluateOptions, 'documentModel' | 'models'>): Promise<ModelDescription> {
  return describeModel({ name: documentModel }, `${join(models, documentModel)}/`);
}

function noteMacro({ system: { method, path, ratio }, tasks, cost }: Measured, io: CommandIo): void {
  const macro = 100 * mean(tasks.map(({ scores }) => mean(scores.map(({ ndcg10 }) => ndcg10))));
  io.note(`${method}, ${path}, ${100 * ratio} % of labels: nDCG@10 ${macro.toFixed(2)} (${cost.seconds.toFixed(1)} s)`);
}

function commandOf(args: readonly string[]): string {
  return [
    'npm run evaluate --',
    ...args.map((arg) => (/^[\w./:=,@-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", `'\\''`)}'`)),
  ].join(' ');
}
