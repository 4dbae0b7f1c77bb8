//! The allocator of the extension.

use std::alloc::{GlobalAlloc, Layout};

use libmimalloc_sys::{mi_malloc, mi_realloc, mi_zalloc};
use mimalloc::MiMalloc;

/// What all of mimalloc's blocks are aligned to.
const ALIGNED: usize = 8;

/// mimalloc, told of an alignment only where it is more than every block has: that way of
/// allocating is twice as long.
pub struct Allocator;

// SAFETY: mimalloc's functions are those of an allocator, and free and resize each other's blocks.
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        match layout.align() {
            // SAFETY: the caller keeps to what GlobalAlloc asks for.
            ..=ALIGNED => unsafe { mi_malloc(layout.size()).cast() },
            // SAFETY: the caller keeps to what GlobalAlloc asks for.
            _ => unsafe { MiMalloc.alloc(layout) },
        }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        match layout.align() {
            // SAFETY: the caller keeps to what GlobalAlloc asks for.
            ..=ALIGNED => unsafe { mi_zalloc(layout.size()).cast() },
            // SAFETY: the caller keeps to what GlobalAlloc asks for.
            _ => unsafe { MiMalloc.alloc_zeroed(layout) },
        }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps to what GlobalAlloc asks for.
        unsafe { MiMalloc.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        match layout.align() {
            // SAFETY: the caller keeps to what GlobalAlloc asks for.
            ..=ALIGNED => unsafe { mi_realloc(block.cast(), size).cast() },
            // SAFETY: the caller keeps to what GlobalAlloc asks for.
            _ => unsafe { MiMalloc.realloc(block, layout, size) },
        }
    }
}
