package org.iommulab.linux.iommufd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.iommu.PagingDomain;
import org.iommulab.linux.iommu.Protection;
import org.iommulab.linux.iommufd.pages.AccessUser;
import org.iommulab.linux.iommufd.pages.IoptArea;
import org.iommulab.linux.iommufd.pages.IoptPages;
import org.iommulab.linux.iommufd.pages.Unsigned;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.memory.Page;
import org.jspecify.annotations.Nullable;

/**
 * A kernel driver's own use of an address space, without a device's DMA ({@code struct
 * iommufd_access}): it pins pages or copies bytes.
 */
final class IommufdAccess extends IommufdObject implements AccessUser {

  private static final String OWNER = "its driver";

  /** Pages of one pin: which, and in which area. */
  private record Piece(IoptArea area, long firstIndex, long lastIndex) {}

  private record Pin(long iova, long length, List<Piece> pieces) {}

  private final KernelParts parts;
  private final boolean pins;
  private final String owner;
  private final boolean locks;
  private final TreeMap<Integer, Pin> held = new TreeMap<>();
  private @Nullable Ioas ioas;
  private int lastPin;

  private IommufdAccess(IommufdContext context, int id, boolean pins, String owner, boolean locks) {
    super(context, id);
    this.parts = context.parts();
    this.pins = pins;
    this.owner = owner;
    this.locks = locks;
    hold(owner);
  }

  /**
   * {@code iommufd_access_create()}.
   *
   * @param pins the driver wants to pin whole pages, which needs their alignment
   */
  static IommufdAccess create(IommufdContext context, boolean pins) {
    var access = new IommufdAccess(context, context.nextId(), pins, OWNER, false);
    context.add(access);
    return access;
  }

  /**
   * {@code iommufd_access_create_internal()}: what it pins cannot be unmapped.
   *
   * @param owner the object of this context that it serves
   */
  static IommufdAccess createInternal(IommufdContext context, String owner) {
    var access = new IommufdAccess(context, context.nextId(), true, owner, true);
    context.add(access);
    return access;
  }

  /** {@code iommufd_access_destroy()}. */
  void release() {
    leave();
    letGo(owner);
    context().remove(this);
  }

  @Override
  String type() {
    return "ACCESS";
  }

  @Override
  void destroy() {}

  @Override
  public long alignment() {
    return pins ? 4096 : 1;
  }

  /** {@code iommufd_access_replace()}: moves to another IOAS; what it pins is let go. */
  Status replace(int ioasId) {
    return ioas == null ? noIoas() : attach(ioasId);
  }

  /** {@code iommufd_access_attach()}. */
  Status attach(int ioasId) {
    Ioas target = context().find(ioasId, Ioas.class);
    if (target == null) {
      return Status.fail(Errno.ENOENT, "there is no IOAS " + ioasId);
    }
    Status status = target.table().addAccess(this);
    if (status.failed()) {
      return status;
    }
    leave();
    ioas = target;
    target.hold(name());
    return Status.OK;
  }

  private void leave() {
    Ioas old = ioas;
    if (old != null) {
      unmapNotice(0, Unsigned.MAX);
      ioas = null;
      old.table().removeAccess(this);
      old.letGo(name());
    }
  }

  @Override
  public void unmapNotice(long iova, long length) {
    long last = iova + length - 1;
    for (int id : List.copyOf(held.keySet())) {
      Pin pin = held.get(id);
      boolean touches =
          pin != null
              && Unsigned.atMost(pin.iova(), last)
              && Unsigned.atMost(iova, pin.iova() + pin.length() - 1);
      if (touches || length == Unsigned.MAX) {
        unpin(id);
      }
    }
  }

  /** Number of the last pin. */
  int lastPin() {
    return lastPin;
  }

  /** Pins held now. */
  int pinCount() {
    return held.size();
  }

  /** Page frames of a pin that is held, in the order of their IOVAs. */
  List<Long> frames(int pin) {
    var frames = new ArrayList<Long>();
    Pin wanted = held.get(pin);
    for (Piece piece : wanted == null ? List.<Piece>of() : wanted.pieces()) {
      for (long index = piece.firstIndex(); index <= piece.lastIndex(); index++) {
        frames.add(frame(piece.area().source(), index));
      }
    }
    return frames;
  }

  /** {@code iommufd_access_pin_pages()}. */
  Status pin(long iova, long length, boolean write) {
    Status refused = check(iova, length);
    Ioas space = ioas;
    if (refused != null || space == null) {
      return refused != null ? refused : noIoas();
    }
    var pieces = new ArrayList<Piece>();
    long next = iova;
    long last = iova + length - 1;
    Status status = Status.OK;
    for (IoptArea area : space.table().areas().in(iova, last)) {
      if (!area.published() || Unsigned.less(next, area.start())) {
        break;
      }
      long end = Unsigned.min(last, area.last());
      status = allowed(area, next, end, write);
      if (!status.failed()) {
        status = pinPiece(area, next, end, pieces);
      }
      if (status.failed()) {
        break;
      }
      next = end + 1;
    }
    if (!status.failed() && next != last + 1) {
      status =
          Status.fail(Errno.ENOENT, String.format(Locale.ROOT, "nothing is mapped at 0x%x", next));
    }
    if (status.failed()) {
      pieces.forEach(this::drop);
      return status;
    }
    held.put(++lastPin, new Pin(iova, length, pieces));
    return Status.OK;
  }

  private static @Nullable Status check(long iova, long length) {
    if (length == 0) {
      return Status.fail(Errno.EINVAL, "length is 0");
    }
    return Unsigned.less(iova + length - 1, iova)
        ? Status.fail(Errno.EOVERFLOW, "iova + length wraps")
        : null;
  }

  private static Status noIoas() {
    return Status.fail(Errno.ENOENT, "the access is attached to no IOAS");
  }

  private static Status allowed(IoptArea area, long iova, long last, boolean write) {
    boolean aligned = Page.isWhole(area.byteOf(iova)) && (area.byteOf(last) + 1 & 4095) == 0;
    if (area.preventsAccess() || !aligned) {
      return Status.fail(Errno.EINVAL, "an unmap is in progress, or pages are cut");
    }
    return write && (area.prot() & Protection.WRITE) == 0
        ? Status.fail(Errno.EPERM, "the area is read-only")
        : Status.OK;
  }

  private Status pinPiece(IoptArea area, long iova, long last, List<Piece> pieces) {
    IoptPages pages = area.source();
    long first = Page.number(area.byteOf(iova));
    long end = Page.number(area.byteOf(last));
    Status status = parts.allocate("struct iopt_pages_access");
    if (!status.failed()) {
      status = parts.allocate("the table of pinned frames");
    }
    if (status.failed()) {
      return status;
    }
    for (long index = first; index <= end; index++) {
      long kept = pages.heldFrame(index);
      IoptArea stored = pages.storedIn(index, null);
      PagingDomain domain = stored == null ? null : stored.storageDomain();
      if (kept >= 0) {
        pages.hold(index, kept, true);
      } else if (stored != null && domain != null) {
        pages.hold(index, Page.number(domain.iovaToPhys(stored.iovaOfPage(index))), false);
      } else {
        long pfn = pages.memory().pfn(pages.userAddress() + Page.address(index));
        if (pfn < 0) {
          for (long undo = first; undo < index; undo++) {
            pages.letGo(undo);
          }
          return Status.fail(Errno.EFAULT, "there is no memory behind the area");
        }
        pages.pin(pfn, 1);
        pages.hold(index, pfn, true);
      }
    }
    area.addAccesses(1);
    area.addLocks(locks ? 1 : 0);
    pieces.add(new Piece(area, first, end));
    return pages.updatePinned();
  }

  private void drop(Piece piece) {
    for (long index = piece.firstIndex(); index <= piece.lastIndex(); index++) {
      piece.area().source().letGo(index);
    }
    piece.area().source().updatePinned();
    piece.area().addAccesses(-1);
    piece.area().addLocks(locks ? -1 : 0);
  }

  /** {@code iommufd_access_unpin_pages()} by the pin's number; ENOENT if it is gone. */
  Status unpin(int id) {
    Pin pin = held.remove(id);
    if (pin == null) {
      return Status.fail(Errno.ENOENT, "there is no pin " + id);
    }
    pin.pieces().forEach(this::drop);
    return Status.OK;
  }

  /** {@code iommufd_access_rw()}: copies bytes between the driver and the mapped memory. */
  Status rw(long iova, byte[] data, boolean write) {
    Status refused = check(iova, data.length);
    Ioas space = ioas;
    if (refused != null || space == null) {
      return refused != null ? refused : noIoas();
    }
    long next = iova;
    long last = iova + data.length - 1;
    for (IoptArea area : space.table().areas().in(iova, last)) {
      if (!area.published() || Unsigned.less(next, area.start())) {
        break;
      }
      if (area.preventsAccess()) {
        return Status.fail(Errno.EINVAL, "an unmap is in progress");
      }
      if (write && (area.prot() & Protection.WRITE) == 0) {
        return Status.fail(Errno.EPERM, "the area is read-only");
      }
      long end = Unsigned.min(last, area.last());
      if (!copy(area, next, (int) (next - iova), (int) (end - next + 1), data, write)) {
        return Status.fail(Errno.EFAULT, "there is no memory behind the area");
      }
      next = end + 1;
    }
    return next == last + 1
        ? Status.OK
        : Status.fail(Errno.ENOENT, String.format(Locale.ROOT, "nothing is mapped at 0x%x", next));
  }

  private boolean copy(
      IoptArea area, long iova, int offset, int length, byte[] data, boolean write) {
    IoptPages pages = area.source();
    for (int done = 0; done < length; ) {
      long at = area.byteOf(iova) + done;
      int count = (int) Math.min(length - done, 4096 - (at & 4095));
      long frame = frame(pages, Page.number(at));
      if (frame < 0) {
        return false;
      }
      long physical = Page.address(frame) | at & 4095;
      if (write) {
        parts.memory().write(physical, data, offset + done, count);
      } else {
        parts.memory().read(physical, data, offset + done, count);
      }
      done += count;
    }
    return true;
  }

  private static long frame(IoptPages pages, long index) {
    long kept = pages.heldFrame(index);
    if (kept >= 0) {
      return kept;
    }
    IoptArea stored = pages.storedIn(index, null);
    PagingDomain domain = stored == null ? null : stored.storageDomain();
    return stored != null && domain != null
        ? Page.number(domain.iovaToPhys(stored.iovaOfPage(index)))
        : pages.memory().pfn(pages.userAddress() + Page.address(index));
  }

  @Override
  List<String> facts() {
    Ioas space = ioas;
    return Arrays.asList("ioas: " + (space == null ? "none" : space.id()), "pins: " + held.size());
  }
}
