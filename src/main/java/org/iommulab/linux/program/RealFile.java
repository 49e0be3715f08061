package org.iommulab.linux.program;

import org.iommulab.linux.process.PagesFile;
import org.iommulab.linux.process.UserPages;
import org.iommulab.memory.Page;

/** A {@code memfd} of a real program. */
final class RealFile extends PagesFile {

  private final Pages pages;

  RealFile(World.Behind file, BorrowedFrames frames, RealMemory counting) {
    super(file.link());
    pages = new Pages(file.inode(), file.bytes(), frames, counting);
  }

  /** The program may have changed its size. */
  void setBytes(long bytes) {
    pages.bytes = bytes;
  }

  @Override
  public UserPages memory() {
    return pages;
  }

  @Override
  public long address(long offset) {
    return offset;
  }

  /** Its pages: addresses are offsets. */
  private static final class Pages extends OutsidePages {

    private final long inode;
    private long bytes;

    Pages(long inode, long bytes, BorrowedFrames frames, RealMemory counting) {
      super(frames, counting);
      this.inode = inode;
      this.bytes = bytes;
    }

    @Override
    public long pfn(long address) {
      return contiguousPages(address, 1) == 0
          ? -1
          : frames().ofFile(inode).frame(Page.number(address));
    }

    @Override
    public long contiguousPages(long address, long limit) {
      long left = bytes - Page.start(address) + 4095 >>> 12;
      return address < 0 || left <= 0
          ? 0
          : frames().provide(frames().ofFile(inode), Page.number(address), Math.min(limit, left));
    }

    @Override
    public boolean writable(long address) {
      return true;
    }

    @Override
    public boolean read(long address, byte[] target) {
      return false;
    }

    @Override
    public boolean write(long address, byte[] source) {
      return false;
    }

    /** The file outlives whoever had it open. */
    @Override
    protected void exit() {}
  }
}
