package org.iommulab.linux.iommufd.pages;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.process.DmaBuf;
import org.iommulab.linux.process.PagesFile;
import org.iommulab.linux.process.Process;
import org.iommulab.linux.process.UserPages;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.jspecify.annotations.Nullable;

/**
 * User memory that can be pinned and shared by areas and accesses ({@code struct iopt_pages}). A
 * page is pinned at most once, however many use it.
 */
public final class IoptPages {

  /** A page that accesses hold: its frame, and how many hold it. */
  private static final class Held {
    private final long pfn;
    private int users;

    Held(long pfn) {
      this.pfn = pfn;
    }
  }

  private final KernelParts parts;
  private final UserPages memory;
  private final @Nullable PagesFile file;
  private final long userAddress;
  private final long pages;
  private final boolean writable;
  private final AccountMode accountMode;
  private Process process;
  private final List<IoptArea> domainAreas = new ArrayList<>();
  private final TreeMap<Long, Held> held = new TreeMap<>();
  private final TreeMap<Long, Long> heldFrames = new TreeMap<>();
  private int references = 1;
  private long npinned;
  private long lastNpinned;
  private final DmaBuf.Importer importer = this::revoke;
  private boolean revoked;

  /**
   * @param userAddress page-aligned address of the first page
   * @param pages how many
   * @param process who is charged
   * @param file the file whose pages they are, or null for memory of the process
   */
  IoptPages(
      KernelParts parts,
      Process process,
      long userAddress,
      long pages,
      boolean writable,
      AccountMode accountMode,
      @Nullable PagesFile file) {
    this.parts = parts;
    this.process = process;
    this.memory = file == null ? process.memory() : file.memory();
    this.file = file;
    if (file != null) {
      file.get();
    }
    if (file instanceof DmaBuf buffer) {
      buffer.attach(importer);
    }
    this.userAddress = userAddress;
    this.pages = pages;
    this.writable = writable;
    this.accountMode = accountMode;
  }

  public long userAddress() {
    return userAddress;
  }

  public long pages() {
    return pages;
  }

  boolean writable() {
    return writable;
  }

  /** They belong to a file. */
  public boolean file() {
    return file != null;
  }

  /** They are registers of a device: nobody holds a reference on those. */
  private boolean registers() {
    return file instanceof DmaBuf;
  }

  /**
   * Tells whether their dma-buf was revoked: no device reaches them any more, also if it is allowed
   * again.
   */
  boolean isRevoked() {
    return revoked;
  }

  /** {@code iopt_revoke_notify()}: out of every domain. */
  private void revoke() {
    revoked = true;
    for (IoptArea area : List.copyOf(domainAreas)) {
      area.table().unfill(area);
    }
  }

  /** Where the pages are, of the process or of a file. */
  public UserPages memory() {
    return memory;
  }

  public IoptPages get() {
    references++;
    return this;
  }

  public void put() {
    if (--references == 0 && file != null) {
      if (file instanceof DmaBuf buffer) {
        buffer.detach(importer);
      }
      file.put();
    }
  }

  public long npinned() {
    return npinned;
  }

  // ---- who has the frames -----------------------------------------------------------------------

  void addDomainArea(IoptArea area) {
    domainAreas.add(area);
  }

  void removeDomainArea(IoptArea area) {
    domainAreas.remove(area);
  }

  /** An area other than {@code not} whose storage domain knows the frame of a page, or null. */
  public @Nullable IoptArea storedIn(long index, @Nullable IoptArea not) {
    for (IoptArea area : domainAreas) {
      if (area != not && index >= area.startIndex() && index <= area.lastIndex()) {
        return area;
      }
    }
    return null;
  }

  /** First page from {@code index} on that an area's storage domain or an access knows. */
  long nextKnown(long index) {
    long nearest = Long.MAX_VALUE;
    for (IoptArea area : domainAreas) {
      if (area.lastIndex() >= index) {
        nearest = Math.min(nearest, Math.max(index, area.startIndex()));
      }
    }
    Long access = heldFrames.ceilingKey(index);
    return access == null ? nearest : Math.min(nearest, access);
  }

  // ---- accesses ---------------------------------------------------------------------------------

  /** The frame that accesses keep for a page, -1 if they keep none. */
  public long heldFrame(long index) {
    Long pfn = heldFrames.get(index);
    return pfn == null ? -1 : pfn;
  }

  /** Tells whether an access holds a page, whoever keeps its frame. */
  public boolean isHeld(long index) {
    return held.containsKey(index);
  }

  /** An access takes hold of a page whose frame it has learnt. */
  public void hold(long index, long pfn, boolean ownFrame) {
    Held entry = held.computeIfAbsent(index, i -> new Held(pfn));
    entry.users++;
    if (ownFrame) {
      heldFrames.put(index, pfn);
    }
  }

  /** The last domain leaves: accesses keep the frames they hold in the range. */
  void keepHeldFrames(long first, long last) {
    for (Map.Entry<Long, Held> entry : held.subMap(first, true, last, true).entrySet()) {
      heldFrames.put(entry.getKey(), entry.getValue().pfn);
    }
  }

  /** A domain takes over: its table knows the frames, the accesses' copies go. */
  void dropHeldFrames(long first, long last) {
    heldFrames.subMap(first, true, last, true).clear();
  }

  /** An access lets go of a page; the last one unpins it unless a domain has it. */
  public void letGo(long index) {
    Held entry = held.get(index);
    if (entry == null) {
      throw new IllegalStateException("page " + index + " is not held");
    }
    if (--entry.users == 0) {
      held.remove(index);
      Long pfn = heldFrames.remove(index);
      if (pfn != null && storedIn(index, null) == null) {
        unpin(pfn, 1);
      }
    }
  }

  // ---- pinning ----------------------------------------------------------------------------------

  /** Counts a reference on consecutive frames. */
  public void pin(long pfn, long count) {
    if (!registers()) {
      memory().pin(pfn, count);
      npinned += count;
    }
  }

  /** Gives references back. */
  void unpin(long pfn, long count) {
    if (!registers()) {
      memory().unpin(pfn, count);
      npinned -= count;
    }
  }

  /** {@code pfn_reader_update_pinned()}: charges or credits what changed since the last time. */
  public Status updatePinned() {
    long delta = npinned - lastNpinned;
    if (delta == 0) {
      return Status.OK;
    }
    if (parts.trace().isOn()) {
      parts
          .trace()
          .enter("pfn_reader_update_pinned")
          .number("npages", delta)
          .text("mode", accountMode.name());
    }
    Status status = charge(process, delta);
    if (!status.failed()) {
      process.memory().addPinned(delta);
      lastNpinned = npinned;
      if (parts.trace().isOn()) {
        parts.trace().effect("pinned pages of the process: " + process.memory().pinnedPages());
      }
    }
    return parts.leave(status);
  }

  /** {@code iopt_pages_change_process()}, first half: another process is charged too. */
  public Status chargeTo(Process other) {
    Status status = charge(other, npinned);
    if (!status.failed()) {
      other.memory().addPinned(npinned);
    }
    return status;
  }

  /** The second half: the process charged so far is credited, and forgotten. */
  public void moveTo(Process other) {
    creditTo(process);
    process = other;
  }

  /** Takes back what {@link #chargeTo} did. */
  public void creditTo(Process other) {
    charge(other, -npinned);
    other.memory().addPinned(-npinned);
  }

  private Status charge(Process payer, long delta) {
    long limit = payer.memlockPages();
    long locked =
        accountMode == AccountMode.USER ? payer.user().lockedPages() : payer.memory().lockedPages();
    if (accountMode != AccountMode.NONE && delta > 0 && limit >= 0 && locked + delta > limit) {
      return Status.fail(
          Errno.ENOMEM,
          String.format(
              Locale.ROOT,
              "RLIMIT_MEMLOCK is %d pages, %d are locked, %d more are asked for",
              limit,
              locked,
              delta));
    }
    if (accountMode == AccountMode.USER) {
      payer.user().addLocked(delta);
    } else if (accountMode == AccountMode.MM) {
      payer.memory().addLocked(delta);
    }
    return Status.OK;
  }

  AccountMode accountMode() {
    return accountMode;
  }
}
