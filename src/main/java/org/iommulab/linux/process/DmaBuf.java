package org.iommulab.linux.process;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.mm.FrameAllocator;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.memory.AddressRange;
import org.iommulab.memory.Page;
import org.jspecify.annotations.Nullable;

/**
 * A {@code dma-buf}: registers or memory that devices can be shown, until whoever made it revokes
 * that.
 */
public final class DmaBuf extends PagesFile {

  private static final long FIRST = 1L << 40;
  private static final int SEEK_SET = 0;
  private static final int SEEK_END = 2;

  private final UserMemory memory;
  private final long size;
  private final int pieces;
  private final Consumer<DmaBuf> released;
  private final List<Importer> importers = new ArrayList<>();
  private boolean revoked;

  /** Who has shown it to devices. */
  public interface Importer {
    /** Devices must not reach it from now on. */
    void revoked();
  }

  /**
   * A buffer of pieces of a device's windows, one behind the other.
   *
   * @param pieces physical addresses, in whole pages
   * @param released called when the last descriptor is closed and nobody has it mapped
   */
  public DmaBuf(KernelParts parts, List<AddressRange> pieces, Consumer<DmaBuf> released) {
    super("dma-buf");
    this.released = released;
    this.memory = new UserMemory(parts.memory(), parts.frames());
    this.pieces = pieces.size();
    long end = 0;
    for (AddressRange piece : pieces) {
      memory.showDevice(piece, null, "dma-buf", FIRST + end);
      end += piece.size();
    }
    this.size = end;
  }

  /**
   * A buffer of memory of its own, as the selftest of iommufd makes them.
   *
   * @param pages how many
   * @return null if there is no memory
   */
  public static @Nullable DmaBuf ofMemory(KernelParts parts, long pages) {
    FrameAllocator frames = parts.frames();
    FrameAllocator.Run run = frames.allocateRun(pages, 1);
    if (run.count() < pages) {
      if (run.count() > 0) {
        frames.release(run.first(), run.count());
      }
      return null;
    }
    return new DmaBuf(
        parts,
        List.of(AddressRange.ofSize(Page.address(run.first()), Page.address(pages))),
        buffer -> frames.release(run.first(), pages));
  }

  /** Tells whether devices may not be shown it now. */
  public boolean isRevoked() {
    return revoked;
  }

  /** Takes it away from all devices, or allows to show it to them again. */
  public void setRevoked(boolean now) {
    boolean fresh = now && !revoked;
    revoked = now;
    if (fresh) {
      List.copyOf(importers).forEach(Importer::revoked);
    }
  }

  /** Tells an importer when it is revoked. */
  public void attach(Importer importer) {
    importers.add(importer);
  }

  /** Tells it no more. */
  public void detach(Importer importer) {
    importers.remove(importer);
  }

  /** Whether it is one piece of physical memory, which is all that iommufd takes. */
  public boolean isOnePiece() {
    return pieces == 1;
  }

  /** In bytes. */
  public long size() {
    return size;
  }

  /** {@code dma_buf_llseek()}: where it begins and where it ends, no other place. */
  @Override
  public SyscallResult seek(long offset, int whence) {
    return whence == SEEK_SET && offset == 0
        ? SyscallResult.ok(0)
        : whence == SEEK_END && offset == 0
            ? SyscallResult.ok(size)
            : SyscallResult.fail(Errno.EINVAL, "a dma-buf is asked for its begin or end only");
  }

  /** {@code dma_buf_mmap_internal()}: those who make them here let nobody map them. */
  @Override
  public Status map(long offset, long length) {
    return Status.fail(Errno.EINVAL, "whoever made the dma-buf lets nobody map it");
  }

  @Override
  public UserPages memory() {
    return memory;
  }

  @Override
  public long address(long offset) {
    return FIRST + offset;
  }

  @Override
  protected void release() {
    memory.exit();
    released.accept(this);
  }
}
