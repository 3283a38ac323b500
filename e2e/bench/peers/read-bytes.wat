;; Reads memory from 0 to $end, 128 bytes a turn, and returns the exclusive or of all of it, so that no load can be left out.
;; It is the limit that memory and one core set to a scan of the same bytes.
(module
  (import "bench" "memory" (memory 1))
  (func (export "read") (param $end i32) (result i32) ;; $end is a multiple of 128 and not 0
    (local $at i32)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (loop $next
      (local.set $a (v128.xor (local.get $a) (v128.xor (v128.load (local.get $at)) (v128.load offset=64 (local.get $at)))))
      (local.set $b (v128.xor (local.get $b) (v128.xor (v128.load offset=16 (local.get $at)) (v128.load offset=80 (local.get $at)))))
      (local.set $c (v128.xor (local.get $c) (v128.xor (v128.load offset=32 (local.get $at)) (v128.load offset=96 (local.get $at)))))
      (local.set $d (v128.xor (local.get $d) (v128.xor (v128.load offset=48 (local.get $at)) (v128.load offset=112 (local.get $at)))))
      (local.set $at (i32.add (local.get $at) (i32.const 128)))
      (br_if $next (i32.lt_u (local.get $at) (local.get $end))))
    (local.set $a (v128.xor (v128.xor (local.get $a) (local.get $b)) (v128.xor (local.get $c) (local.get $d))))
    (i32.xor
      (i32.xor (i32x4.extract_lane 0 (local.get $a)) (i32x4.extract_lane 1 (local.get $a)))
      (i32.xor (i32x4.extract_lane 2 (local.get $a)) (i32x4.extract_lane 3 (local.get $a))))))
