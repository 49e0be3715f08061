package org.iommulab.linux.process;

import java.util.List;
import org.iommulab.linux.mm.AddressSpace;

/**
 * The address space of a process ({@code mm_struct}) as drivers see it: pages at user addresses,
 * the frames behind them, references on frames that are held for DMA, and what the process is
 * charged for.
 */
public abstract class UserPages implements AddressSpace {

  private long pinnedPages;
  private long lockedPages;

  /** An address space that is charged for nothing yet. */
  protected UserPages() {}

  // ---- pages ------------------------------------------------------------------------------------

  /** Number of the frame behind an address, -1 if there is none; touches the page. */
  public abstract long pfn(long address);

  /** How many pages from that address on lie on consecutive frames, at most {@code limit}. */
  public abstract long contiguousPages(long address, long limit);

  /** Tells whether the process may write at that address. */
  public abstract boolean writable(long address);

  /** Copies bytes out; false if one of them does not exist. */
  public abstract boolean read(long address, byte[] target);

  /** Copies bytes in; false if one of them does not exist or may not be written. */
  public abstract boolean write(long address, byte[] source);

  // ---- pages held for DMA -----------------------------------------------------------------------

  /** Takes a reference on consecutive frames. */
  public abstract void pin(long firstPfn, long count);

  /** Gives references back. */
  public abstract void unpin(long firstPfn, long count);

  /** References on one frame. */
  public abstract int pinCount(long pfn);

  /** References on the frame behind an address, which may be a file's; -1 without a frame. */
  public abstract int pinsAt(long address);

  /** Tells whether no frame is pinned. */
  public abstract boolean unpinned();

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
