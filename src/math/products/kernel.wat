;; Adds A·Bᵀ of packed panels to four rows of C, in float64. WebAssembly with 128-bit SIMD, no relaxed SIMD: every sum is rounded
;; after the product and after the addition, in the order of k, as plain JavaScript does it (js.ts).
;; kernel.ts holds the compiled bytes; after a change run `node src/math/wasm-kernels.mjs`.
;; The caller owns the memory and lays it out (wasm.ts):
;;   a  float64, one panel: k groups of 4 numbers, one of each row
;;   b  float64, `panels` panels: each k groups of 4 numbers, one of each column
;;   c  float64, rows of `stride` bytes; 4 columns a panel
(module
  (import "kernel" "memory" (memory 1))

  (func (export "addProducts")
    (param $a i32)
    (param $b i32)
    (param $c i32)
    (param $stride i32)
    (param $k i32)       ;; at least 1
    (param $panels i32)  ;; at least 1
    (local $p i32) (local $end i32)
    (local $c1 i32) (local $c2 i32) (local $c3 i32)
    (local $u v128) (local $b0 v128) (local $b1 v128)
    (local $s00 v128) (local $s01 v128) (local $s10 v128) (local $s11 v128)
    (local $s20 v128) (local $s21 v128) (local $s30 v128) (local $s31 v128)

    (local.set $end (i32.add (local.get $a) (i32.shl (local.get $k) (i32.const 5))))

    (loop $panel
      (local.set $p (local.get $a))
      (local.set $c1 (i32.add (local.get $c) (local.get $stride)))
      (local.set $c2 (i32.add (local.get $c1) (local.get $stride)))
      (local.set $c3 (i32.add (local.get $c2) (local.get $stride)))
      (local.set $s00 (v128.load (local.get $c)))
      (local.set $s01 (v128.load offset=16 (local.get $c)))
      (local.set $s10 (v128.load (local.get $c1)))
      (local.set $s11 (v128.load offset=16 (local.get $c1)))
      (local.set $s20 (v128.load (local.get $c2)))
      (local.set $s21 (v128.load offset=16 (local.get $c2)))
      (local.set $s30 (v128.load (local.get $c3)))
      (local.set $s31 (v128.load offset=16 (local.get $c3)))

      (loop $step ;; one k: sixteen products of four numbers with four
        (local.set $b0 (v128.load (local.get $b)))
        (local.set $b1 (v128.load offset=16 (local.get $b)))
        (local.set $u (v128.load64_splat (local.get $p)))
        (local.set $s00 (f64x2.add (local.get $s00) (f64x2.mul (local.get $u) (local.get $b0))))
        (local.set $s01 (f64x2.add (local.get $s01) (f64x2.mul (local.get $u) (local.get $b1))))
        (local.set $u (v128.load64_splat offset=8 (local.get $p)))
        (local.set $s10 (f64x2.add (local.get $s10) (f64x2.mul (local.get $u) (local.get $b0))))
        (local.set $s11 (f64x2.add (local.get $s11) (f64x2.mul (local.get $u) (local.get $b1))))
        (local.set $u (v128.load64_splat offset=16 (local.get $p)))
        (local.set $s20 (f64x2.add (local.get $s20) (f64x2.mul (local.get $u) (local.get $b0))))
        (local.set $s21 (f64x2.add (local.get $s21) (f64x2.mul (local.get $u) (local.get $b1))))
        (local.set $u (v128.load64_splat offset=24 (local.get $p)))
        (local.set $s30 (f64x2.add (local.get $s30) (f64x2.mul (local.get $u) (local.get $b0))))
        (local.set $s31 (f64x2.add (local.get $s31) (f64x2.mul (local.get $u) (local.get $b1))))
        (local.set $b (i32.add (local.get $b) (i32.const 32)))
        (br_if $step (i32.lt_u (local.tee $p (i32.add (local.get $p) (i32.const 32))) (local.get $end))))

      (v128.store (local.get $c) (local.get $s00))
      (v128.store offset=16 (local.get $c) (local.get $s01))
      (v128.store (local.get $c1) (local.get $s10))
      (v128.store offset=16 (local.get $c1) (local.get $s11))
      (v128.store (local.get $c2) (local.get $s20))
      (v128.store offset=16 (local.get $c2) (local.get $s21))
      (v128.store (local.get $c3) (local.get $s30))
      (v128.store offset=16 (local.get $c3) (local.get $s31))
      (local.set $c (i32.add (local.get $c) (i32.const 32)))
      (br_if $panel (local.tee $panels (i32.sub (local.get $panels) (i32.const 1)))))))
