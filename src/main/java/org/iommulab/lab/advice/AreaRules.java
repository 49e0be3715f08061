package org.iommulab.lab.advice;

import java.util.List;
import java.util.Locale;
import org.iommulab.bus.MessageSink;
import org.iommulab.linux.GroupView;
import org.iommulab.linux.IommufdObjectView;
import org.iommulab.linux.Kernel;
import org.iommulab.linux.ProcessView;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;

/** What a process maps for its devices, and what it gives back: K30 to K33, K35, K36, K40. */
final class AreaRules {

  private static final long NARROWEST = 1L << 39;

  /**
   * A map call.
   *
   * @param space id of the IOAS; -1 for the container of VFIO
   * @param fixed the process chose the address
   */
  record MapCall(
      Step step, long space, long iova, long size, long va, boolean writable, boolean fixed) {

    long last() {
      return iova + size - 1;
    }
  }

  private final ProcessBooks books;

  AreaRules(ProcessBooks books) {
    this.books = books;
  }

  void mapped(MapCall call) {
    reserved(call);
    switch (call.step().errnoOr("")) {
      case "" -> {
        books
            .areas()
            .add(
                new ProcessBooks.Area(
                    call.space(),
                    call.iova(),
                    call.size(),
                    call.va(),
                    call.writable(),
                    call.step().number()));
        unchecked(call);
      }
      case "EEXIST" -> exists(call);
      case "ENOMEM" -> limit(call.step(), call.size());
      case "EFAULT", "EPERM" -> readonly(call);
      default -> {}
    }
  }

  /** K30: something is mapped there. */
  private void exists(MapCall call) {
    for (ProcessBooks.Area area : books.areas()) {
      if (area.space() == call.space() && area.meets(call.iova(), call.size())) {
        call.step()
            .raise(
                "K30",
                List.of(call.space(), area.iova()),
                List.of(
                    Evidence.command(area.step()),
                    Evidence.command(call.step().number()),
                    Evidence.mapping(area.iova())),
                List.of(),
                Digits.bare(call.iova()),
                Digits.bare(call.last()),
                area.step());
        return;
      }
    }
  }

  /** K31: addresses that no mapping may have. */
  private void reserved(MapCall call) {
    Bilingual where = call.fixed() ? place(call) : null;
    if (where != null) {
      call.step()
          .raise(
              "K31",
              call.iova(),
              List.of(Evidence.command(call.step().number())),
              List.of(),
              Digits.bare(call.iova()),
              where);
    }
  }

  private @Nullable Bilingual place(MapCall call) {
    if (call.iova() <= MessageSink.LAST && call.last() >= MessageSink.FIRST) {
      return Wording.INTERRUPT_WINDOW.with();
    }
    if (!call.step().errnoOr("").equals("EINVAL")) {
      return null;
    }
    for (GroupView group : call.step().kernel().map(Kernel::groups).orElse(List.of())) {
      for (GroupView.Reserved range : group.reserved()) {
        boolean hit = call.iova() <= range.last() && call.last() >= range.start();
        if (hit && group.devices().stream().anyMatch(books::isHanded)) {
          return Wording.RESERVED_REGION.with(range.type(), group.devices().getFirst());
        }
      }
    }
    boolean far = Long.compareUnsigned(call.last(), NARROWEST) >= 0 && books.hasDevices();
    return far || call.step().cause().contains("aperture") ? Wording.BEYOND_UNIT.with() : null;
  }

  /** K33: nobody looks at the memory until a domain comes. */
  private void unchecked(MapCall call) {
    boolean guarded = call.space() < 0 || hasDomain(call.step(), call.space());
    boolean readonly = call.writable() && books.isReadOnly(call.va());
    if (!guarded && (readonly || !books.has(call.step(), call.va()))) {
      call.step()
          .raise(
              "K33",
              call.va(),
              List.of(Evidence.command(call.step().number())),
              List.of(),
              Digits.bare(call.va()),
              readonly ? Wording.THAT_IT_MAY_WRITE.with() : "");
    }
  }

  private static boolean hasDomain(Step step, long space) {
    for (IommufdObjectView object : step.kernel().map(Kernel::iommufdObjects).orElse(List.of())) {
      if (object.id() == space) {
        return object.users() > 1 || object.domain() != 0;
      }
    }
    return true;
  }

  /** K35: more memory than the process may lock. */
  private static void limit(Step step, long size) {
    ProcessView process = ProcessBooks.process(step);
    if (process == null || process.lockLimitPages() < 0) {
      return;
    }
    boolean accounted = step.cause().toLowerCase(Locale.ROOT).contains("lock");
    boolean over = process.lockedPages() + (size >>> 12) > process.lockLimitPages();
    if (accounted || over) {
      step.raise(
          "K35",
          "limit",
          List.of(Evidence.command(step.number())),
          List.of(Remedy.call("setrlimit", "\"memlock\":" + (process.lockedPages() * 4096 + size))),
          size,
          process.lockedPages(),
          process.lockLimitPages());
    }
  }

  /** K40: writable for the device, not for the process. */
  private void readonly(MapCall call) {
    if (call.writable() && books.isReadOnly(call.va())) {
      call.step()
          .raise(
              "K40",
              call.va(),
              List.of(Evidence.command(call.step().number())),
              List.of(),
              Digits.bare(call.va()));
    }
  }

  /** K32: an unmap that would cut an area. */
  void unmapped(Step step, long space, long iova, long size) {
    String errno = step.errnoOr("");
    if (errno.isEmpty()) {
      books.areas().removeIf(area -> area.space() == space && area.meets(iova, size));
    } else if (errno.equals("ENOENT") || errno.equals("EINVAL")) {
      for (ProcessBooks.Area area : books.areas()) {
        boolean whole = iova <= area.iova() && iova + size >= area.iova() + area.size();
        if (area.space() == space && area.meets(iova, size) && !whole) {
          step.raise(
              "K32",
              area.iova(),
              List.of(Evidence.command(area.step()), Evidence.command(step.number())),
              List.of(),
              Digits.bare(iova),
              size,
              Digits.bare(area.iova()),
              area.size());
          return;
        }
      }
    }
  }

  /** K36: the process gives back what devices still have. */
  void givenBack(Step step, long at, long size) {
    boolean inUse =
        books.hasDevices() && !step.kernel().map(Kernel::domains).orElse(List.of()).isEmpty();
    for (ProcessBooks.Area area : books.areas()) {
      if (inUse && area.backs(at, size)) {
        step.raise(
            "K36",
            area.iova(),
            List.of(Evidence.command(area.step()), Evidence.command(step.number())),
            List.of(),
            Digits.bare(at),
            Digits.bare(area.iova()));
        return;
      }
    }
  }
}
