;; Scores a block of int8 rows against one query and keeps the rows above a threshold. WebAssembly with 128-bit SIMD, in two variants, which
;; differ in how they multiply: sums-plain.wat, and sums-relaxed.wat where the browser has relaxed SIMD.
;; kernel.ts and relaxed-kernel.ts hold the compiled bytes; after a change run `node src/math/wasm-kernels.mjs`.
;; The caller owns the memory and lays it out (../wasm.ts):
;;   rows    int8, `stride` bytes a row, stride a multiple of 32, zeros after the last dimension
;;   groups  for each four rows their scales, float32, NaN for rows that only fill the last group, since NaN is above no threshold; then
;;           their offsets, int32, which the sums are too large by
;;   query   `stride` numbers from -64 to 63, as the variant reads them
;;   hits    pairs of int32 row number and float32 score
(module
  (import "kernel" "memory" (memory 1))

  ;; Returns the number of hits written. Their score is above the threshold, so that a later row that only equals the worst kept
  ;; one is left out: ties go to the smaller row.
  (func (export "scan")
    (param $rows i32)      ;; address of the first row of the block
    (param $scales i32)    ;; address of the first group's scales, 16-aligned
    (param $row i32)       ;; number of the first row of the block
    (param $groups i32)    ;; rows / 4, at least 1
    (param $query i32)
    (param $queryEnd i32)
    (param $threshold f32)
    (param $hits i32)
    (result i32)
    (local $left i32) (local $q i32)
    (local $s0 v128) (local $s1 v128) (local $s2 v128) (local $s3 v128) (local $odd v128)
    (local $scores v128) (local $mask i32) (local $hit i32)

    (local.set $hit (local.get $hits))

    (loop $group
      ;; Row after row, in the order of memory: four rows side by side take twice as long where these are not in a cache. The sums of
      ;; a row are made in $s3 and $odd; those of the rows before it move towards $s0.
      (local.set $left (i32.const 4))
      (loop $next
        (local.set $s0 (local.get $s1))
        (local.set $s1 (local.get $s2))
        (local.set $s2 (local.get $s3))
        (local.set $s3 (v128.const i32x4 0 0 0 0))
        (local.set $odd (v128.const i32x4 0 0 0 0))
        (local.set $q (local.get $query))

        ;; insert sums

        (local.set $s3 (i32x4.add (local.get $s3) (local.get $odd)))
        (br_if $next (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))

      ;; Four vectors of partial sums → one vector of four sums: halves first, then pairs.
      (local.set $s0 (i32x4.add
        (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $s0) (local.get $s1))
        (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $s0) (local.get $s1))))
      (local.set $s2 (i32x4.add
        (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $s2) (local.get $s3))
        (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $s2) (local.get $s3))))
      (local.set $s0 (i32x4.add
        (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $s0) (local.get $s2))
        (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $s0) (local.get $s2))))

      (local.set $s0 (i32x4.sub (local.get $s0) (v128.load offset=16 (local.get $scales))))

      ;; Rounded to float32 twice, as everywhere: the whole number, then the product. Adding 0 turns −0 into 0.
      (local.set $scores (f32x4.add
        (f32x4.mul (f32x4.convert_i32x4_s (local.get $s0)) (v128.load (local.get $scales)))
        (v128.const f32x4 0 0 0 0)))
      (local.set $mask (i32x4.bitmask (f32x4.gt (local.get $scores) (f32x4.splat (local.get $threshold)))))

      ;; Every row of the group is written; the write position advances only after a hit.
      (if (local.get $mask) (then
        (i32.store (local.get $hit) (local.get $row))
        (f32.store offset=4 (local.get $hit) (f32x4.extract_lane 0 (local.get $scores)))
        (local.set $hit (i32.add (local.get $hit) (i32.shl (i32.and (local.get $mask) (i32.const 1)) (i32.const 3))))
        (i32.store (local.get $hit) (i32.add (local.get $row) (i32.const 1)))
        (f32.store offset=4 (local.get $hit) (f32x4.extract_lane 1 (local.get $scores)))
        (local.set $hit (i32.add (local.get $hit) (i32.shl (i32.and (local.get $mask) (i32.const 2)) (i32.const 2))))
        (i32.store (local.get $hit) (i32.add (local.get $row) (i32.const 2)))
        (f32.store offset=4 (local.get $hit) (f32x4.extract_lane 2 (local.get $scores)))
        (local.set $hit (i32.add (local.get $hit) (i32.shl (i32.and (local.get $mask) (i32.const 4)) (i32.const 1))))
        (i32.store (local.get $hit) (i32.add (local.get $row) (i32.const 3)))
        (f32.store offset=4 (local.get $hit) (f32x4.extract_lane 3 (local.get $scores)))
        (local.set $hit (i32.add (local.get $hit) (i32.and (local.get $mask) (i32.const 8))))))

      (local.set $scales (i32.add (local.get $scales) (i32.const 32)))
      (local.set $row (i32.add (local.get $row) (i32.const 4)))
      (br_if $group (local.tee $groups (i32.sub (local.get $groups) (i32.const 1)))))

    (i32.shr_u (i32.sub (local.get $hit) (local.get $hits)) (i32.const 3))))
