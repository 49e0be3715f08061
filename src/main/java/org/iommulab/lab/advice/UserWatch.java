package org.iommulab.lab.advice;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.iommulab.bus.PciDevice;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Result;
import org.iommulab.linux.GroupView;
import org.iommulab.linux.IommufdObjectView;
import org.iommulab.linux.Kernel;
import org.iommulab.linux.ProcessView;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.jspecify.annotations.Nullable;

/** What processes do with iommufd and VFIO: K30 to K43, T14. */
final class UserWatch implements Watcher, ProcessAreas {

  private static final long INTERRUPTS = 0xFEE0_0000L;
  private static final long INTERRUPTS_END = 0xFEEF_FFFFL;

  /** A mapping of an address space, by the object it belongs to. */
  private record Area(long space, long iova, long size, long va, boolean writable, int step) {

    boolean meets(long first, long length) {
      return first < iova + size && iova < first + length;
    }

    boolean backs(long first, long length) {
      return first < va + size && va < first + length;
    }
  }

  private final List<Area> areas = new ArrayList<>();
  private final Map<Long, Boolean> memory = new HashMap<>();
  private final Map<Long, Long> lengths = new HashMap<>();
  private final Map<Long, Set<Long>> holes = new HashMap<>();
  private final Set<String> probed = new HashSet<>();
  private final Set<SourceId> handed = new HashSet<>();
  private final Map<Long, Long> spaceOf = new HashMap<>();
  private final Set<Long> written = new HashSet<>();
  private final Set<Long> tracking = new HashSet<>();
  private final Map<String, String> overrides = new HashMap<>();
  private final Map<String, String> files = new HashMap<>();
  private boolean withoutCaching;
  private String bootLine = "";

  private void clear() {
    areas.clear();
    memory.clear();
    lengths.clear();
    holes.clear();
    probed.clear();
    handed.clear();
    spaceOf.clear();
    written.clear();
    tracking.clear();
    overrides.clear();
    withoutCaching = false;
  }

  @Override
  public void see(Step step) {
    switch (step.command()) {
      case Command.LinuxBoot boot -> {
        clear();
        bootLine = boot.cmdline();
      }
      case Command.Open open -> files.put(open.as(), open.path());
      case Command.UserAlloc alloc -> allocated(step, alloc);
      case Command.UserFree free -> freed(step, free);
      case Command.Ioctl ioctl -> ioctl(step, ioctl);
      case Command.Close close -> closed(step, close);
      case Command.Call call -> call(step, call);
      default -> {}
    }
    requests(step);
  }

  // ---- memory ----------------------------------------------------------------------------------

  private void allocated(Step step, Command.UserAlloc alloc) {
    long at = DmaWatch.number(step.out("addr"));
    if (at > 0) {
      boolean readonly = Boolean.TRUE.equals(alloc.options().get("readonly"));
      memory.put(at, !readonly);
      lengths.put(at, alloc.len());
      if (alloc.options().get("hole") instanceof Map<?, ?> hole) {
        long offset = DmaWatch.number(hole.get("offset"));
        holes.computeIfAbsent(at, none -> new HashSet<>()).add(at + Math.max(offset, 0));
      }
    }
  }

  /** Start of the memory that holds an address; -1 if the process has none there. */
  private long start(long va) {
    for (Map.Entry<Long, Long> one : lengths.entrySet()) {
      if (va >= one.getKey() && va - one.getKey() < one.getValue()) {
        return one.getKey();
      }
    }
    return -1;
  }

  private void freed(Step step, Command.UserFree free) {
    long at = DmaWatch.number(step.rig().resolved(Map.of("at", free.at())).get("at"));
    Object length = free.len();
    long size =
        length == null
            ? lengths.getOrDefault(at, 4096L)
            : DmaWatch.number(step.rig().resolved(Map.of("len", length)).get("len"));
    givenBack(step, at, size);
    memory.remove(at);
    lengths.remove(at);
  }

  /** K36: the process gives back what devices still have. */
  private void givenBack(Step step, long at, long size) {
    for (Area area : areas) {
      if (area.backs(at, size) && inUse(step, area)) {
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

  private boolean inUse(Step step, Area area) {
    return !handed.isEmpty() && !step.kernel().map(Kernel::domains).orElse(List.of()).isEmpty();
  }

  // ---- ioctls ----------------------------------------------------------------------------------

  private void ioctl(Step step, Command.Ioctl ioctl) {
    String errno = step.errno() == null ? "" : step.errno();
    switch (ioctl.cmd()) {
      case "IOMMU_IOAS_MAP" -> {
        long flags = step.number(0, "flags");
        long iova = step.number(DmaWatch.number(step.out("iova")), "iova");
        if (step.out("iova") != null) {
          iova = DmaWatch.number(step.out("iova"));
        }
        map(
            step,
            step.number(0, "ioas_id"),
            iova,
            step.number(0, "length"),
            step.number(0, "user_va"),
            (flags & 2) != 0,
            (flags & 1) != 0,
            errno);
      }
      case "VFIO_IOMMU_MAP_DMA" ->
          map(
              step,
              -1,
              step.number(0, "iova"),
              step.number(0, "size"),
              step.number(0, "vaddr"),
              (step.number(0, "flags") & 2) != 0,
              true,
              errno);
      case "IOMMU_IOAS_UNMAP" ->
          unmap(
              step,
              step.number(0, "ioas_id"),
              step.number(0, "iova"),
              step.number(0, "length"),
              errno);
      case "VFIO_IOMMU_UNMAP_DMA" ->
          unmap(step, -1, step.number(0, "iova"), step.number(0, "size"), errno);
      case "VFIO_DEVICE_BIND_IOMMUFD",
          "VFIO_GROUP_SET_CONTAINER",
          "VFIO_GROUP_GET_DEVICE_FD",
          "VFIO_DEVICE_ATTACH_IOMMUFD_PT",
          "VFIO_SET_IOMMU" ->
          bind(step, ioctl);
      case "IOMMU_HWPT_ALLOC" -> {
        long hwpt = DmaWatch.number(step.out("out_hwpt_id"));
        if (hwpt >= 0) {
          spaceOf.put(hwpt, step.number(0, "pt_id"));
        }
      }
      case "IOMMU_HWPT_SET_DIRTY_TRACKING" -> track(step);
      case "IOMMU_HWPT_GET_DIRTY_BITMAP" -> bitmap(step);
      default -> {}
    }
  }

  private void map(
      Step step,
      long space,
      long iova,
      long size,
      long va,
      boolean writable,
      boolean fixed,
      String errno) {
    reserved(step, iova, size, fixed, errno);
    switch (errno) {
      case "" -> {
        areas.add(new Area(space, iova, size, va, writable, step.number()));
        unchecked(step, space, va, writable);
      }
      case "EEXIST" -> exists(step, space, iova, size);
      case "ENOMEM" -> limit(step, size);
      case "EFAULT", "EPERM" -> readonly(step, va, writable);
      default -> {}
    }
  }

  private void exists(Step step, long space, long iova, long size) {
    for (Area area : areas) {
      if (area.space() == space && area.meets(iova, size)) {
        step.raise(
            "K30",
            List.of(space, area.iova()),
            List.of(
                Evidence.command(area.step()),
                Evidence.command(step.number()),
                Evidence.mapping(area.iova())),
            List.of(),
            Digits.bare(iova),
            Digits.bare(iova + size - 1),
            area.step());
        return;
      }
    }
  }

  private void reserved(Step step, long iova, long size, boolean fixed, String errno) {
    String where = "";
    long last = iova + size - 1;
    if (fixed && iova <= INTERRUPTS_END && last >= INTERRUPTS) {
      where = "the interrupt window: addresses there are interrupts, not memory";
    } else if (fixed && errno.equals("EINVAL")) {
      for (GroupView group : step.kernel().map(Kernel::groups).orElse(List.of())) {
        for (GroupView.Reserved range : group.reserved()) {
          boolean hit = iova <= range.last() && last >= range.start();
          if (hit && handed.stream().anyMatch(group.devices()::contains)) {
            where = "a reserved region (" + range.type() + ") of " + group.devices().getFirst();
          }
        }
      }
      boolean far = Long.compareUnsigned(last, 1L << 39) >= 0;
      if (where.isEmpty() && (far && !handed.isEmpty() || step.cause().contains("aperture"))) {
        where = "nothing: it is beyond what the unit can translate";
      }
    }
    if (!where.isEmpty()) {
      step.raise(
          "K31",
          iova,
          List.of(Evidence.command(step.number())),
          List.of(),
          Digits.bare(iova),
          where);
    }
  }

  private void unchecked(Step step, long space, long va, boolean writable) {
    boolean guarded = space < 0 || hasDomain(step, space);
    long start = start(va);
    ProcessView process =
        step.kernel().map(Kernel::processes).orElse(List.of()).stream().findFirst().orElse(null);
    boolean known =
        start >= 0
            || process != null
                && process.areas().stream()
                    .anyMatch(area -> va >= area.start() && va - area.start() < area.length());
    boolean readonly = writable && start >= 0 && Boolean.FALSE.equals(memory.get(start));
    if (!guarded && (!known || readonly)) {
      step.raise(
          "K33",
          va,
          List.of(Evidence.command(step.number())),
          List.of(),
          Digits.bare(va),
          readonly ? " that it may write" : "");
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

  private void limit(Step step, long size) {
    ProcessView process =
        step.kernel().map(Kernel::processes).orElse(List.of()).stream().findFirst().orElse(null);
    boolean accounted = step.cause().toLowerCase(Locale.ROOT).contains("lock");
    boolean over =
        process != null
            && process.lockLimitPages() >= 0
            && process.lockedPages() + (size >>> 12) > process.lockLimitPages();
    if (process != null && process.lockLimitPages() >= 0 && (accounted || over)) {
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

  private void readonly(Step step, long va, boolean writable) {
    long start = start(va);
    if (writable && start >= 0 && Boolean.FALSE.equals(memory.get(start))) {
      step.raise("K40", va, List.of(Evidence.command(step.number())), List.of(), Digits.bare(va));
    }
  }

  private void unmap(Step step, long space, long iova, long size, String errno) {
    if (errno.isEmpty()) {
      dirtyLost(step, space, iova, size);
      areas.removeIf(area -> area.space() == space && area.meets(iova, size));
    } else if (errno.equals("ENOENT") || errno.equals("EINVAL")) {
      for (Area area : areas) {
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

  // ---- dirty bits ------------------------------------------------------------------------------

  private void track(Step step) {
    long hwpt = step.number(0, "hwpt_id");
    if (step.errno() != null) {
      return;
    }
    boolean on = (step.number(0, "flags") & 1) != 0;
    if (on && !written.isEmpty()) {
      raiseDirty(
          step,
          written.size()
              + " pages were written before tracking began: the bitmap will never"
              + " show them");
    }
    if (on) {
      tracking.add(hwpt);
    } else {
      tracking.remove(hwpt);
    }
    written.clear();
  }

  private void bitmap(Step step) {
    long iova = step.number(0, "iova");
    long size = step.number(0, "length");
    long covered =
        areas.stream()
            .filter(area -> area.meets(iova, size))
            .mapToLong(
                area ->
                    Math.min(area.iova() + area.size(), iova + size) - Math.max(area.iova(), iova))
            .sum();
    if (step.errno() == null && covered < size) {
      raiseDirty(
          step,
          "the range has "
              + (size - covered)
              + " bytes that are not mapped; the call clears what"
              + " it reads and says nothing of the holes");
    }
    if ((step.number(0, "flags") & 1) == 0) {
      written.clear();
    }
  }

  private void dirtyLost(Step step, long space, long iova, long size) {
    boolean tracked =
        tracking.stream().anyMatch(hwpt -> spaceOf.getOrDefault(hwpt, space) == space);
    long lost =
        written.stream().filter(page -> page << 12 >= iova && (page << 12) - iova < size).count();
    if (tracked && lost > 0) {
      raiseDirty(step, lost + " written pages were unmapped before their bits were read");
    }
  }

  private static void raiseDirty(Step step, String what) {
    step.raise("K41", what, List.of(Evidence.command(step.number())), List.of(), what);
  }

  // ---- devices ---------------------------------------------------------------------------------

  private void bind(Step step, Command.Ioctl ioctl) {
    String cause = step.cause();
    String errno = step.errno() == null ? "" : step.errno();
    PciDevice device = last(step);
    String name = device == null ? "the device" : device.name();
    boolean binds = !ioctl.cmd().equals("VFIO_DEVICE_ATTACH_IOMMUFD_PT");
    if (device != null && errno.isEmpty()) {
      handed.add(device.source());
    }
    String lower = cause.toLowerCase(Locale.ROOT);
    if (errno.equals("EINVAL")
        && (lower.contains("rmrr") || lower.contains("firmware") || lower.contains("reserved"))) {
      step.raise("K37", name, List.of(Evidence.command(step.number())), List.of(), name, cause);
    }
    if (binds && (errno.isEmpty() || errno.equals("EPERM"))) {
      sibling(step, device, errno);
      unmapped(step, name, errno);
    }
  }

  /** The device that was last handed to vfio-pci. */
  private static @Nullable PciDevice last(Step step) {
    PciDevice found = null;
    for (PciDevice device : step.rig().machine().devices()) {
      if (step.kernel().isPresent() && isVfio(step, device.source())) {
        found = device;
      }
    }
    return found;
  }

  private static boolean isVfio(Step step, SourceId device) {
    return step.kernel().map(Kernel::groups).orElse(List.of()).stream()
        .anyMatch(group -> group.devices().contains(device) && group.owner() != null);
  }

  /** K39: somebody else of the group still belongs to the kernel. */
  private void sibling(Step step, @Nullable PciDevice device, String errno) {
    for (GroupView group : step.kernel().map(Kernel::groups).orElse(List.of())) {
      boolean own = device != null && group.devices().contains(device.source());
      boolean claimed = own || errno.equals("EPERM") && group.devices().size() > 1;
      if (!claimed) {
        continue;
      }
      for (SourceId other : group.devices()) {
        boolean offered = probed.contains(address(other)) && !overrides.containsKey(address(other));
        boolean driven = errno.equals("EPERM") && step.cause().contains("driver");
        boolean itself = overrides.containsKey(address(other));
        if (!itself && (offered || driven)) {
          step.raise(
              "K39",
              group.id(),
              List.of(Evidence.command(step.number())),
              List.of(
                  Remedy.call(
                      "sysfs_write",
                      String.format(
                          Locale.ROOT,
                          "\"path\":\"/sys/bus/pci/devices/%s/driver/unbind\",\"value\":\"%s\"",
                          address(other),
                          address(other)))),
              step.name(other),
              device == null ? "the device" : device.name());
          return;
        }
      }
    }
  }

  private static String address(SourceId device) {
    return device.address();
  }

  /** T14: interrupts of an assigned device are not checked. */
  private void unmapped(Step step, String name, String errno) {
    boolean remaps =
        step.rig().machine().units().stream()
            .anyMatch(
                unit ->
                    RegisterLayouts.GSTS
                        .field("IRES")
                        .isSet(unit.read(RegisterLayouts.GSTS.position(), 4)));
    boolean switchedOff = bootLine.contains("intremap=off") || bootLine.contains("nointremap");
    boolean refused = errno.equals("EPERM") && step.cause().contains("interrupt");
    if (!remaps && (switchedOff || refused)) {
      step.raise("T14", name, List.of(Evidence.command(step.number())), List.of(), name);
    }
  }

  // ---- closing ---------------------------------------------------------------------------------

  private void closed(Step step, Command.Close close) {
    List<String> leaks = step.kernel().map(Kernel::leaks).orElse(List.of());
    boolean context = "/dev/iommu".equals(files.get(close.fd()));
    boolean others = leaks.stream().anyMatch(leak -> leak.contains("device"));
    if (step.result().succeeded() && !leaks.isEmpty() && (context || others)) {
      raiseLeaks(step, leaks);
    }
  }

  private static void raiseLeaks(Step step, List<String> leaks) {
    step.raise(
        "K38",
        "leaks",
        List.of(Evidence.command(step.number())),
        List.of(),
        leaks.size(),
        String.join("; ", leaks.subList(0, Math.min(3, leaks.size()))));
  }

  // ---- calls -----------------------------------------------------------------------------------

  private void call(Step step, Command.Call call) {
    switch (call.fn()) {
      case "sysfs_write" -> sysfs(step);
      case "guest_start" -> {
        withoutCaching =
            Boolean.TRUE.equals(step.args().get("viommu"))
                && Boolean.FALSE.equals(step.args().getOrDefault("caching_mode", false));
        if (step.errno() == null) {
          memory.put(step.ret(), true);
          lengths.put(step.ret(), step.number(0, "ram"));
        }
      }
      case "mmap" -> {
        if (step.errno() == null) {
          memory.put(step.ret(), true);
          lengths.put(step.ret(), step.number(0, "length"));
        }
      }
      case "vfio_attach_device" -> {
        step.device(step.args().getOrDefault("device", ""))
            .ifPresent(
                device -> {
                  if (step.errno() == null) {
                    handed.add(device.source());
                  }
                  if (withoutCaching) {
                    step.raise(
                        "K42",
                        device.source(),
                        List.of(Evidence.command(step.number())),
                        List.of(),
                        device.name());
                  }
                });
      }
      case "vfio_dma_map" -> {
        if (step.errno() == null) {
          long va = step.number(0, "vaddr");
          boolean writable = !Boolean.TRUE.equals(step.args().get("readonly"));
          areas.add(
              new Area(
                  -1, step.number(0, "iova"), step.number(0, "size"), va, writable, step.number()));
        }
      }
      case "vfio_dma_unmap" ->
          unmap(
              step,
              -1,
              step.number(0, "iova"),
              step.number(0, "size"),
              step.errno() == null ? "" : step.errno());
      case "madvise" -> givenBack(step, step.number(0, "addr"), step.number(0, "len"));
      default -> {}
    }
  }

  private void sysfs(Step step) {
    String path = step.text("path");
    String value = step.text("value");
    if (path.endsWith("/driver_override")) {
      String[] parts = path.split("/");
      overrides.put(parts[parts.length - 2], value);
    } else if (path.endsWith("drivers_probe")) {
      probed.add(value);
    } else if (path.endsWith("/unbind")) {
      probed.remove(value);
    }
  }

  // ---- requests --------------------------------------------------------------------------------

  private void requests(Step step) {
    for (Seen.Request request : step.requests()) {
      boolean theirs = handed.contains(request.access().source());
      if (theirs && request.arrived() && request.writes() && written.size() < 1_000_000) {
        written.add(request.address() >>> 12);
      }
    }
  }

  @Override
  public boolean isAssigned(Step step, SourceId device, GroupView group) {
    return handed.contains(device);
  }

  @Override
  public int readOnlySince(long iova) {
    return areas.stream()
        .filter(area -> area.meets(iova, 1) && !area.writable())
        .mapToInt(Area::step)
        .findFirst()
        .orElse(-1);
  }

  @Override
  public String describe(long iova) {
    for (Area area : areas) {
      if (area.backs(iova, 1)) {
        return "that is an address of the process, mapped for devices at "
            + Digits.of(area.iova() + iova - area.va());
      }
    }
    return areas.isEmpty()
        ? "nothing is mapped for it at all"
        : "no area holds it; the nearest one starts at " + Digits.of(nearest(iova));
  }

  private long nearest(long iova) {
    long best = areas.getFirst().iova();
    for (Area area : areas) {
      if (Math.abs(area.iova() - iova) < Math.abs(best - iova)) {
        best = area.iova();
      }
    }
    return best;
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
