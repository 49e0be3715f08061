package org.iommulab.linux.program;

import org.iommulab.memory.Page;
import org.jspecify.annotations.Nullable;

/** The address space of a real process. */
final class RealMemory extends OutsidePages {

  private final int pid;
  private final World world;
  private final OpenFiles files;

  /**
   * @param other one whose references on frames are counted together with this one's, or null for
   *     the first
   */
  static RealMemory of(
      int pid, World world, BorrowedFrames frames, OpenFiles files, @Nullable RealMemory other) {
    return other == null
        ? new RealMemory(pid, world, frames, files)
        : new RealMemory(pid, world, frames, files, other);
  }

  private RealMemory(int pid, World world, BorrowedFrames frames, OpenFiles files) {
    super(frames);
    this.pid = pid;
    this.world = world;
    this.files = files;
  }

  private RealMemory(
      int pid, World world, BorrowedFrames frames, OpenFiles files, RealMemory other) {
    super(frames, other);
    this.pid = pid;
    this.world = world;
    this.files = files;
  }

  @Override
  public long pfn(long address) {
    return contiguousPages(address, 1) == 0 ? -1 : frameAt(address);
  }

  private long frameAt(long address) {
    Area area = world.area(pid, address);
    return area == null ? -1 : space(area).frame(page(area, address));
  }

  private PageSpace space(Area area) {
    return area.ofFile() ? frames().ofFile(area.inode()) : frames().ofProcess(pid);
  }

  private static long page(Area area, long address) {
    return area.ofFile() ? area.pageOf(address) : Page.number(address);
  }

  @Override
  public long contiguousPages(long address, long limit) {
    Area area = world.area(pid, address);
    if (area == null || !(area.readable() || area.writable())) {
      return 0;
    }
    if (area.ofFile() && space(area).isWindow() && !files.answersMapped(area.inode())) {
      return 0;
    }
    if (area.ofFile()) {
      frames().seen(area.inode(), pid, area.start() - area.offset());
    }
    long inArea = area.end() - Page.start(address) >>> 12;
    return frames().provide(space(area), page(area, address), Math.min(limit, inArea));
  }

  @Override
  public boolean isDeviceMemory(long address) {
    Area area = world.area(pid, address);
    return area != null && area.ofFile() && frames().ofFile(area.inode()).isWindow();
  }

  @Override
  public boolean writable(long address) {
    Area area = world.area(pid, address);
    return area != null && area.writable();
  }

  @Override
  public boolean read(long address, byte[] target) {
    return world.read(pid, address, target);
  }

  @Override
  public boolean write(long address, byte[] source) {
    return world.write(pid, address, source);
  }

  @Override
  protected void exit() {
    frames().ends(pid, false);
  }
}
