package org.iommulab.linux.process;

import java.util.List;
import org.iommulab.linux.mm.AddressSpace;

/**
 * The address space of a process ({@code mm_struct}) as drivers see it: pages at user addresses,
 * the frames behind them, references on frames that are held for DMA, and what the process is
 * charged for.
 */
public abstract class UserPages implements AddressSpace {

  private final PageCounts pins;
  private long pinnedPages;
  private long lockedPages;

  /** An address space that is charged for nothing yet, with references of its own. */
  protected UserPages() {
    pins = new PageCounts();
  }

  /** One that counts references together with another, because pages may belong to both. */
  protected UserPages(UserPages other) {
    pins = other.pins;
  }

  // ---- pages ------------------------------------------------------------------------------------

  /** Number of the frame behind an address, -1 if there is none; touches the page. */
  public abstract long pfn(long address);

  /** How many pages from that address on lie on consecutive frames, at most {@code limit}. */
  public abstract long contiguousPages(long address, long limit);

  /** Tells whether the process may write at that address. */
  public abstract boolean writable(long address);

  /**
   * Tells whether memory of a device is mapped at that address (VM_PFNMAP), which has frames but no
   * pages that could be pinned.
   */
  public boolean isDeviceMemory(long address) {
    return false;
  }

  /** Copies bytes out; false if one of them does not exist. */
  public abstract boolean read(long address, byte[] target);

  /** Copies bytes in; false if one of them does not exist or may not be written. */
  public abstract boolean write(long address, byte[] source);

  // ---- pages held for DMA -----------------------------------------------------------------------

  /** Takes a reference on consecutive frames. */
  public final void pin(long firstPfn, long count) {
    pins.add(firstPfn, count, 1);
  }

  /** Gives references back. */
  public final void unpin(long firstPfn, long count) {
    pins.add(firstPfn, count, -1);
    letGo(firstPfn, count);
  }

  /** References on these frames were given back, perhaps not the last ones. */
  protected abstract void letGo(long firstPfn, long count);

  /** References on one frame. */
  public final int pinCount(long pfn) {
    return pins.get(pfn);
  }

  /** References on the frame behind an address, which may be a file's; -1 without a frame. */
  public abstract int pinsAt(long address);

  /** Tells whether no frame is pinned. */
  public final boolean unpinned() {
    return pins.isEmpty();
  }

  /** Pages held for DMA (VmPin). */
  public final long pinnedPages() {
    return pinnedPages;
  }

  /** Changes VmPin. */
  public final void addPinned(long delta) {
    pinnedPages += delta;
  }

  /** Pages charged to the process ({@code locked_vm}). */
  public final long lockedPages() {
    return lockedPages;
  }

  /** Changes {@code locked_vm}. */
  public final void addLocked(long delta) {
    lockedPages += delta;
  }

  // ---- the whole --------------------------------------------------------------------------------

  /** Page frames of the processor's tables of this process. */
  public abstract long tableFrames();

  /** One piece of memory: first address, bytes, kind. */
  public record Piece(long start, long length, String kind) {}

  /** All memory, ascending. */
  public abstract List<Piece> pieces();

  /** The process ends: all memory goes, but for frames that are held for DMA. */
  protected abstract void exit();
}
