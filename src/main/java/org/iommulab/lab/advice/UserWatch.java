package org.iommulab.lab.advice;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.iommulab.bus.PciDevice;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Result;
import org.iommulab.linux.Kernel;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;

/**
 * What processes do with iommufd and VFIO: lets the rules look at each call (K30 to K33, K35 to
 * K37, K39 to K42, T14), and at what is left when descriptors are closed (K38).
 */
final class UserWatch implements Watcher {

  private static final int MOST_SHOWN = 3;

  private final ProcessBooks books;
  private final AreaRules areas;
  private final DirtyRules dirty;
  private final AssignmentRules assignments;
  private final Map<String, String> files = new HashMap<>();

  UserWatch(ProcessBooks books) {
    this.books = books;
    areas = new AreaRules(books);
    dirty = new DirtyRules(books);
    assignments = new AssignmentRules(books);
  }

  @Override
  public void see(Step step) {
    switch (step.command()) {
      case Command.LinuxBoot boot -> {
        books.clear();
        dirty.clear();
        assignments.booted(boot.cmdline());
      }
      case Command.Open open -> files.put(open.as(), open.path());
      case Command.UserAlloc alloc -> allocated(step, alloc);
      case Command.UserFree free -> freed(step, free);
      case Command.Ioctl ioctl -> ioctl(step, ioctl);
      case Command.Close close -> closed(step, close);
      case Command.Call call -> call(step, call.fn());
      default -> {}
    }
    for (Seen.Request request : step.requests()) {
      boolean theirs = books.isHanded(request.access().source());
      if (theirs && request.arrived() && request.writes()) {
        dirty.wrote(request.address());
      }
    }
  }

  private void allocated(Step step, Command.UserAlloc alloc) {
    long at = Step.number(step.out("addr"));
    if (at > 0) {
      books.allocated(at, alloc.len(), !Boolean.TRUE.equals(alloc.options().get("readonly")));
    }
  }

  private void freed(Step step, Command.UserFree free) {
    long at = Step.number(step.rig().resolved(Map.of("at", free.at())).get("at"));
    Object length = free.len();
    long size =
        length == null
            ? books.length(at)
            : Step.number(step.rig().resolved(Map.of("len", length)).get("len"));
    areas.givenBack(step, at, size);
    books.freed(at);
  }

  private void ioctl(Step step, Command.Ioctl ioctl) {
    switch (ioctl.cmd()) {
      case "IOMMU_IOAS_MAP" -> {
        long flags = step.number(0, "flags");
        boolean told = step.out("iova") != null;
        areas.mapped(
            new AreaRules.MapCall(
                step,
                step.number(0, "ioas_id"),
                told ? Step.number(step.out("iova")) : step.number(-1, "iova"),
                step.number(0, "length"),
                step.number(0, "user_va"),
                (flags & 2) != 0,
                (flags & 1) != 0));
      }
      case "VFIO_IOMMU_MAP_DMA" -> container(step, (step.number(0, "flags") & 2) != 0);
      case "IOMMU_IOAS_UNMAP" -> unmap(step, step.number(0, "ioas_id"), step.number(0, "length"));
      case "VFIO_IOMMU_UNMAP_DMA" -> unmap(step, -1, step.number(0, "size"));
      case "VFIO_DEVICE_BIND_IOMMUFD" -> assignments.bound(step, true, opened(ioctl, step));
      case "VFIO_GROUP_SET_CONTAINER", "VFIO_GROUP_GET_DEVICE_FD", "VFIO_SET_IOMMU" ->
          assignments.bound(step, true, null);
      case "VFIO_DEVICE_ATTACH_IOMMUFD_PT" -> assignments.bound(step, false, opened(ioctl, step));
      case "IOMMU_HWPT_ALLOC" -> dirty.allocated(step);
      case "IOMMU_HWPT_SET_DIRTY_TRACKING" -> dirty.tracked(step);
      case "IOMMU_HWPT_GET_DIRTY_BITMAP" -> dirty.read(step);
      default -> {}
    }
  }

  /** The device whose file a descriptor is; null if it is none of those. */
  private @Nullable PciDevice opened(Command.Ioctl ioctl, Step step) {
    String path = files.getOrDefault(ioctl.fd(), "");
    return step.kernel().map(Kernel::assignedDevices).orElse(List.of()).stream()
        .filter(one -> path.equals("/dev/vfio/devices/vfio" + one.number()))
        .findFirst()
        .flatMap(one -> step.device(one.device().toString()))
        .orElse(null);
  }

  private void container(Step step, boolean writable) {
    areas.mapped(
        new AreaRules.MapCall(
            step,
            -1,
            step.number(0, "iova"),
            step.number(0, "size"),
            step.number(0, "vaddr"),
            writable,
            true));
  }

  private void unmap(Step step, long space, long size) {
    long iova = step.number(0, "iova");
    dirty.unmapped(step, space, iova, size);
    areas.unmapped(step, space, iova, size);
  }

  private void call(Step step, String function) {
    switch (function) {
      case "sysfs_write" -> assignments.sysfs(step);
      case "guest_start" -> {
        assignments.guestStarted(step);
        memory(step, step.number(0, "ram"));
      }
      case "mmap" -> memory(step, step.number(0, "length"));
      case "vfio_attach_device" -> assignments.attached(step);
      case "vfio_dma_map" -> {
        if (step.errno() == null) {
          container(step, !Boolean.TRUE.equals(step.args().get("readonly")));
        }
      }
      case "vfio_dma_unmap" -> unmap(step, -1, step.number(0, "size"));
      case "madvise" -> areas.givenBack(step, step.number(0, "addr"), step.number(0, "len"));
      default -> {}
    }
  }

  private void memory(Step step, long length) {
    if (step.errno() == null) {
      books.allocated(step.ret(), length, true);
    }
  }

  // ---- what is left ----------------------------------------------------------------------------

  private void closed(Step step, Command.Close close) {
    List<String> leaks = step.kernel().map(Kernel::leaks).orElse(List.of());
    boolean context = "/dev/iommu".equals(files.get(close.fd()));
    boolean others = leaks.stream().anyMatch(leak -> leak.contains("device"));
    if (step.result().succeeded() && !leaks.isEmpty() && (context || others)) {
      raiseLeaks(step, leaks);
    }
  }

  private static void raiseLeaks(Step step, List<String> leaks) {
    List<Bilingual> shown = leaks.stream().limit(MOST_SHOWN).map(Wording::ofBooks).toList();
    Bilingual all =
        new Bilingual(
            shown.stream().map(Bilingual::english).collect(Collectors.joining("; ")),
            shown.stream().map(Bilingual::chinese).collect(Collectors.joining("；")));
    step.raise(
        "K38", "leaks", List.of(Evidence.command(step.number())), List.of(), leaks.size(), all);
  }

  @Override
  public void atEnd(Step last) {
    List<String> leaks = last.kernel().map(Kernel::leaks).orElse(List.of());
    boolean nothingOpen =
        last.kernel().map(Kernel::processes).orElse(List.of()).stream()
            .allMatch(process -> process.files().isEmpty());
    if (!leaks.isEmpty() && nothingOpen && !(last.result() instanceof Result.Refused)) {
      raiseLeaks(last, leaks);
    }
  }
}
