// MAIR's 126 tasks: domain, shared corpus, sub-splits (arXiv 2410.10127; config.py of github.com/sunnweiwei/MAIR, and
// MAIR_TASKS in mair_evaluator.py of github.com/megagonlabs/ERA, which agree). A list of names only; node/mair-command
// downloads the files.

export type MairDomain = 'Academic' | 'Code' | 'Finance' | 'Legal' | 'Medical' | 'Web';

export interface MairTask {
  readonly name: string;
  readonly domain: MairDomain;
  /** The first task with the same passages; the task itself where no other has them. */
  readonly corpus: string;
  /**
   * Its files are `X_queries.jsonl` and `X_docs.jsonl`, one pair for each sub-split X. ERA joins them; MAIR scores them
   * separately.
   */
  readonly subSplits: boolean;
}

const NAMES: Readonly<Record<MairDomain, string>> = {
  Academic: `Competition-Math FairRanking_2020 LitSearch ProofWiki_Proof ProofWiki_Reference SciDocs SciFact StackMathQA Stacks_Proof
    Stacks_Reference Stein_Proof Stein_Reference TAD TAS2 Trench_Proof Trench_Reference`,
  Code: `APPS CodeEditSearch CodeSearchNet Conala FoodAPI HuggingfaceAPI HumanEval-X LeetCode MBPP PytorchAPI RepoBench SWE-Bench-Lite
    SpotifyAPI TLDR TMDB TensorAPI ToolBench WeatherAPI`,
  Finance: 'Apple ConvFinQA FiQA FinQA FinanceBench HC3Finance TAT-DQA Trade-the-event',
  Legal:
    'AILA2019-Case AILA2019-Statutes BSARD BillSum CUAD GerDaLIR LeCaRDv2 LegalQuAD REGIR-EU2UK REGIR-UK2EU TREC-Legal_2011',
  Medical: `CARE CliniDS_2014 CliniDS_2015 CliniDS_2016 ClinicalTrials_2021 ClinicalTrials_2022 ClinicalTrials_2023 Genomics-AdHoc_2004
    Genomics-AdHoc_2005 Genomics-AdHoc_2006 Genomics-AdHoc_2007 Monant NFCorpus PrecisionMedicine-Article_2019
    PrecisionMedicine-Article_2020 PrecisionMedicine_2017 PrecisionMedicine_2018 PrecisionMedicine_2019 Trec-Covid`,
  Web: `ACORDAR AY2 ArguAna CAsT_2019 CAsT_2020 CAsT_2021 CAsT_2022 CPCD CQADupStack ChroniclingAmericaQA Core17 Core_2017 DD_2015 DD_2016
    DD_2017 ELI5 ExcluIR FairRanking_2021 FairRanking_2022 Fever IFEval InstructIR MISeD Microblog_2011 Microblog_2012 Microblog_2013
    Microblog_2014 NTCIR NeuCLIR-Tech_2023 NeuCLIR_2022 NeuCLIR_2023 NevIR News21 PointRec ProCIS-Dialog ProCIS-Turn ProductSearch_2023
    QuanTemp Quora Robust04 SParC SParC-SQL Spider Spider-SQL TREx ToT_2023 ToT_2024 TopiOCQA Touche WebTableSearch WnCw WnWi WoW zsRE`,
};

/** Tasks over the same passages; the first names the corpus. */
const SHARED: readonly string[] = [
  'AY2 ELI5 Fever TREx WnCw WnWi WoW zsRE',
  'ProCIS-Dialog ProCIS-Turn',
  'CAsT_2019 CAsT_2020',
  'CAsT_2021 CAsT_2022',
  'PrecisionMedicine_2017 PrecisionMedicine_2018',
  'PrecisionMedicine-Article_2019 PrecisionMedicine-Article_2020',
  'CliniDS_2014 CliniDS_2015 CliniDS_2016',
  'ClinicalTrials_2021 ClinicalTrials_2022',
  'Genomics-AdHoc_2004 Genomics-AdHoc_2005',
  'Genomics-AdHoc_2006 Genomics-AdHoc_2007',
  'NeuCLIR_2022 NeuCLIR_2023',
  'ToT_2023 ToT_2024',
];

/** Forums, meetings and kinds of constraint. */
const WITH_SUB_SPLITS: readonly string[] = ['CQADupStack', 'IFEval', 'MISeD'];

const CORPUS: ReadonlyMap<string, string> = new Map(
  SHARED.map(words).flatMap((group) => group.map((name) => [name, group[0]!] as const)),
);

/** Ordered by domain, then by name. */
export const MAIR_TASKS: readonly MairTask[] = Object.entries(NAMES).flatMap(([domain, names]) =>
  words(names).map((name) => ({
    name,
    domain: domain as MairDomain,
    corpus: CORPUS.get(name) ?? name,
    subSplits: WITH_SUB_SPLITS.includes(name),
  })),
);

const BY_NAME: ReadonlyMap<string, MairTask> = new Map(MAIR_TASKS.map((task) => [task.name, task]));

/** The task of that name; also for `<task>.<sub-split>`, the name of a sub-split by itself. */
export function mairTask(name: string): MairTask | undefined {
  return BY_NAME.get(name.split('.', 1)[0]!);
}

function words(text: string): string[] {
  return text.split(/\s+/);
}
