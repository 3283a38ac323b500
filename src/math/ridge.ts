// Ridge regression with many targets and many penalties: min over W of Σᵢ ‖Wᵀxᵢ − tᵢ‖² + λ‖W‖².
// Solved in the space of the rows (dual, n × n) or of the columns (primal, d × d), whichever is smaller. No intercept.

import { cholesky, solveCholesky } from './cholesky.ts';
import { type DenseMatrix, gram, gramOfColumns, multiplyColumns, multiplyTransposed, transpose } from './matrix.ts';

/** Both functions take λ > 0. */
export interface Ridge {
  /** W [d, m] for the targets [n, m]. */
  readonly weights: (targets: DenseMatrix, lambda: number) => DenseMatrix;
  /** S [h, n] for other rows X' [h, d]: X'·W = S·T for any targets, since every prediction is a mixture of them. */
  readonly shares: (others: DenseMatrix, lambda: number) => DenseMatrix;
}

/** Prepares everything that depends neither on λ nor on the targets. @param x [n, d] */
export function ridge(x: DenseMatrix): Ridge {
  return x.rows <= x.cols ? dual(x) : primal(x);
}

/** W = Xᵀ (X·Xᵀ + λI)⁻¹ T */
function dual(x: DenseMatrix): Ridge {
  const inner = gram(x);
  // the same rows are used with every λ
  let last: { readonly others: DenseMatrix; readonly products: DenseMatrix } | undefined;
  return {
    weights: (targets, lambda) => multiplyColumns(x, solveCholesky(cholesky(inner, lambda), targets)),
    shares: (others, lambda) => {
      if (last?.others !== others) last = { others, products: multiplyTransposed(x, others) };
      return transpose(solveCholesky(cholesky(inner, lambda), last.products));
    },
  };
}

/** W = (Xᵀ·X + λI)⁻¹ Xᵀ·T */
function primal(x: DenseMatrix): Ridge {
  const inner = gramOfColumns(x);
  return {
    weights: (targets, lambda) => solveCholesky(cholesky(inner, lambda), multiplyColumns(x, targets)),
    shares: (others, lambda) =>
      multiplyTransposed(transpose(solveCholesky(cholesky(inner, lambda), transpose(others))), x),
  };
}
