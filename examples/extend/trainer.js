// A trainer by Rocchio's method: query vectors are moved towards the mean of the passages that labels call relevant.
// What it learns is a linear map, here the one that it starts from with another bias. Without labels it does what the
// default trainer does.

const WEIGHT = 0.5;

/** @type {import('era-search/extend').Extension} */
export default {
  openTrainer: (standard) => ({
    name: 'rocchio',
    align: standard.align,
    async adapt({ start, training, documents: { codes, scales, dims } }, { signal, onProgress }) {
      signal?.throwIfAborted();
      const relevant = training.relevant.flatMap((grades) => [...grades].filter(([, grade]) => grade > 0));
      const bias = Float32Array.from(start.bias);
      for (const [doc] of relevant) {
        // A passage's vector is its codes times its scale.
        for (let i = 0; i < dims; i++) bias[i] += (WEIGHT * codes[doc * dims + i] * scales[doc]) / relevant.length;
      }
      onProgress?.({ stage: 'adapt', step: 1, steps: 1, loss: null, validationLoss: null });
      return {
        adapter: { ...start, bias, provenance: { method: 'rocchio' } },
        start: null,
        applied: true,
        decision: null, // it does not choose
        validation: null,
        gain: null,
        gainUnseen: null,
        labels: null,
        note: `Moved towards ${relevant.length} relevant passages.`,
        device: 'cpu',
        refused: [],
      };
    },
  }),
};
