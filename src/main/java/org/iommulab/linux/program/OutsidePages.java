package org.iommulab.linux.program;

import java.util.List;
import org.iommulab.linux.process.UserPages;

/**
 * Pages that lie outside the laboratory. Devices reach them by pinned frames only: their page
 * tables are the real kernel's and are shared with nobody here.
 */
abstract class OutsidePages extends UserPages {

  private final BorrowedFrames frames;

  OutsidePages(BorrowedFrames frames) {
    this.frames = frames;
  }

  /** Pages whose references on frames are counted together with another's. */
  OutsidePages(BorrowedFrames frames, UserPages counting) {
    super(counting);
    this.frames = frames;
  }

  /** Who gives the pages frames. */
  final BorrowedFrames frames() {
    return frames;
  }

  @Override
  protected final void letGo(long firstPfn, long count) {
    frames.letGo(firstPfn, count);
  }

  @Override
  public final int pinsAt(long address) {
    long pfn = pfn(address);
    return pfn < 0 ? -1 : pinCount(pfn);
  }

  @Override
  public final long tableFrames() {
    return 0;
  }

  /** None: what is mapped for DMA is shown with the objects that map it. */
  @Override
  public final List<Piece> pieces() {
    return List.of();
  }

  @Override
  public final long pgd() {
    return -1;
  }

  @Override
  public final Fault handleFault(long address, boolean write) {
    return Fault.BAD_AREA;
  }

  @Override
  public final void addListener(Listener listener) {}

  @Override
  public final void removeListener(Listener listener) {}
}
