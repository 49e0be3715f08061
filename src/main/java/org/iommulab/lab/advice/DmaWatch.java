package org.iommulab.lab.advice;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.iommulab.bus.PciDevice;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.DriverCommand;
import org.iommulab.lab.language.Result;
import org.iommulab.linux.Kernel;
import org.iommulab.linux.dma.DmaDevice;
import org.iommulab.linux.dma.DmaMapping;
import org.iommulab.linux.swiotlb.DmaDirection;
import org.iommulab.linux.swiotlb.Swiotlb;
import org.jspecify.annotations.Nullable;

/** What drivers do with the DMA API: K01 to K19, K22, K24, K26 to K29, T06, T08, T09, T19. */
final class DmaWatch implements Watcher {

  private static final long LARGEST_BOUNCE = 256L << 10;
  private static final long DEFAULT_SEGMENT = 65_536;

  /** A map call that failed, and that nobody has asked about. */
  private record Failed(PciDevice device, int step, String errno) {}

  private final Mappings mappings;
  private final MaskWatch masks = new MaskWatch();
  private final List<Failed> failed = new ArrayList<>();
  private final Map<PciDevice, Long> segments = new HashMap<>();
  private int unmapsInRow;
  private boolean strict;
  private boolean oldKernel;

  DmaWatch(Mappings mappings) {
    this.mappings = mappings;
  }

  @Override
  public void see(Step step) {
    switch (step.command()) {
      case Command.LinuxBoot boot -> {
        mappings.clear();
        failed.clear();
        masks.clear();
        strict = boot.cmdline().contains("strict=1") || boot.cmdline().contains("=strict");
        oldKernel = olderThan(boot.era(), 5, 19);
      }
      case Command.Call call -> call(step, call);
      case DriverCommand.Store store -> touched(step, store.at(), store.u64().size() * 8L, true);
      case DriverCommand.Load load -> touched(step, load.at(), load.len(), false);
      case DriverCommand.WriteRegister write -> register(step, write);
      default -> {}
    }
    requests(step);
  }

  private static boolean olderThan(@Nullable String era, int major, int minor) {
    if (era == null) {
      return false;
    }
    String[] parts = era.split("\\.");
    try {
      int first = Integer.parseInt(parts[0]);
      int second = parts.length > 1 ? Integer.parseInt(parts[1]) : 0;
      return first < major || first == major && second < minor;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  // ---- calls -----------------------------------------------------------------------------------

  private void call(Step step, Command.Call call) {
    String fn = call.fn();
    PciDevice device = step.device(step.args().getOrDefault("dev", "")).orElse(null);
    if (!fn.startsWith("dma_unmap")) {
      unmapsInRow = fn.startsWith("dma_map") || fn.startsWith("k") ? unmapsInRow : 0;
    }
    switch (fn) {
      case "kmalloc", "kzalloc" -> {
        if (step.out("phys") instanceof String || step.out("phys") instanceof Number) {
          mappings.allocated(number(step.out("phys")), step.number(0, "size"), step.number());
        }
      }
      case "kfree" -> free(step);
      case "sysfs_write" -> handed(step);
      case "dma_mapping_error" -> asked(step);
      default -> {
        if (device != null) {
          ofDevice(step, fn, device);
        }
      }
    }
  }

  /** K16: the driver goes, or another one comes, and its mappings stay. */
  private void handed(Step step) {
    String path = step.text("path");
    if (!path.endsWith("/unbind") && !path.endsWith("/drivers_probe")) {
      return;
    }
    String value = step.text("value");
    for (PciDevice device : step.rig().machine().devices()) {
      List<Live> left = mappings.of(device.source());
      if (device.source().address().equals(value) && !left.isEmpty()) {
        Live one = left.getFirst();
        raise(step, "K16", one, device.name(), left.size(), Digits.bare(one.address), one.size);
      }
    }
  }

  private void ofDevice(Step step, String fn, PciDevice device) {
    switch (fn) {
      case "dma_map_single", "dma_map_page", "dma_map_phys", "dma_map_page_attrs" ->
          map(step, device);
      case "dma_unmap_single", "dma_unmap_page", "dma_unmap_phys", "dma_unmap_page_attrs" ->
          unmap(step, device, Live.Kind.SINGLE);
      case "dma_map_resource" -> resource(step, device);
      case "dma_unmap_resource" -> unmap(step, device, Live.Kind.RESOURCE);
      case "dma_map_sg", "dma_map_sgtable" -> mapList(step, device);
      case "dma_unmap_sg", "dma_unmap_sgtable" -> unmapList(step, device);
      case "dma_sync_single_for_cpu" -> sync(step, device, false);
      case "dma_sync_single_for_device" -> sync(step, device, true);
      case "dma_sync_sg_for_cpu", "dma_sync_sg_for_device" ->
          syncList(step, device, fn.endsWith("device"));
      case "dma_alloc_coherent", "dma_alloc_attrs" -> allocate(step, device);
      case "dma_free_coherent", "dma_free_attrs" -> release(step, device);
      case "dma_set_max_seg_size" -> segments.put(device, step.number(DEFAULT_SEGMENT, "size"));
      case "dma_set_mask", "dma_set_coherent_mask", "dma_set_mask_and_coherent" ->
          masks.set(step, device);
      default -> {}
    }
  }

  static long number(@Nullable Object value) {
    return switch (value) {
      case Number number -> number.longValue();
      case String text when text.startsWith("0x") -> Long.parseUnsignedLong(text.substring(2), 16);
      case null, default -> -1;
    };
  }

  private static DmaDirection direction(Step step) {
    return DmaDirection.of(step.text("dir")).orElse(DmaDirection.DMA_NONE);
  }

  private static long physical(Step step, long pointer) {
    return step.kernel().map(kernel -> kernel.dma().physical(pointer)).orElse(pointer);
  }

  // ---- map -------------------------------------------------------------------------------------

  private void map(Step step, PciDevice device) {
    long pointer = step.number(0, "ptr", "cpu_addr", "phys", "page") + step.number(0, "offset");
    long size = step.number(0, "size", "len");
    illegal(step, pointer);
    if (step.errno() != null) {
      mapFailed(step, device, pointer, size);
      return;
    }
    long address = step.ret();
    long physical = physical(step, pointer);
    boolean bounced = isBounced(step, device, address, physical, size);
    var piece = new Live.Piece(address, size, physical);
    var mapping =
        new Live(
            device,
            Live.Kind.SINGLE,
            direction(step),
            List.of(piece),
            1,
            step,
            bounced,
            skipsSync(step));
    add(step, mapping);
    masks.mapped(step, device);
    if (!bounced && oldUntrusted(step, device, physical, size)) {
      raiseNoBounce(step, device, size, "the rest of the page is open to it");
    }
  }

  private static boolean skipsSync(Step step) {
    return step.text("attrs").contains("SKIP_CPU_SYNC") || step.text("attrs").equals("32");
  }

  private void add(Step step, Live mapping) {
    overlap(step, mapping);
    String as = step.command() instanceof Command.Call call && call.as() != null ? call.as() : "";
    for (Live other : mappings.live()) {
      if (!as.isEmpty() && other.name.equals(as) && other.address != mapping.address) {
        other.nameLost = true;
      }
    }
    mapping.name = as;
    mappings.add(mapping);
    failed.removeIf(one -> one.device() == mapping.device);
    again(step, mapping);
    slots(step, mapping.device);
  }

  /** K14: what is no piece of RAM of its own. */
  private void illegal(Step step, long pointer) {
    for (Live one : mappings.live()) {
      boolean coherent = one.kind == Live.Kind.COHERENT && one.cpuAddress != 0;
      if (coherent && pointer >= one.cpuAddress && pointer - one.cpuAddress < one.size) {
        raiseIllegal(step, pointer, "coherent memory, mapped already for good");
        return;
      }
    }
    long physical = physical(step, pointer);
    if (physical < 0 || !step.rig().machine().memory().isRam(physical & -4096L, 4096)) {
      raiseIllegal(step, pointer, "no RAM");
    }
  }

  private static void raiseIllegal(Step step, long pointer, String what) {
    step.raise(
        "K14",
        pointer,
        List.of(Evidence.command(step.number())),
        List.of(Remedy.call("kmalloc", "\"size\":" + step.number(4096, "size", "len"))),
        Digits.bare(pointer),
        what);
  }

  private void mapFailed(Step step, PciDevice device, long pointer, long size) {
    failed.add(new Failed(device, step.number(), String.valueOf(step.errno())));
    boolean untrusted = untrusted(step, device);
    if (untrusted && ((pointer | size) & 4095) != 0 && translated(step, device)) {
      raiseNoBounce(step, device, size, "the map must fail, and that is the protection");
    } else if (size > LARGEST_BOUNCE && !translated(step, device)) {
      step.raise(
          "K28",
          device.source(),
          List.of(Evidence.command(step.number())),
          List.of(Remedy.call("dma_max_mapping_size", "\"dev\":\"" + device.name() + "\"")),
          size);
    } else if (!translated(step, device)) {
      slots(step, device);
    }
  }

  private void raiseNoBounce(Step step, PciDevice device, long size, String then) {
    step.raise(
        "T09",
        device.source(),
        List.of(Evidence.command(step.number())),
        List.of(),
        device.name(),
        size,
        then);
  }

  static boolean translated(Step step, PciDevice device) {
    return step.kernel()
        .map(Kernel::dma)
        .map(
            dma -> {
              DmaDevice known = dma.device(device.source());
              return known != null && dma.isTranslated(known);
            })
        .orElse(false);
  }

  static boolean untrusted(Step step, PciDevice device) {
    return step.kernel()
        .map(kernel -> kernel.dma().device(device.source()))
        .map(known -> known.pci().untrusted())
        .orElse(false);
  }

  private static boolean oldUntrusted(Step step, PciDevice device, long physical, long size) {
    return untrusted(step, device) && translated(step, device) && ((physical | size) & 4095) != 0;
  }

  /** Whether the device got a copy: the address leads elsewhere than to the buffer. */
  private static boolean isBounced(
      Step step, PciDevice device, long address, long physical, long size) {
    if (!translated(step, device)) {
      return address != physical;
    }
    return untrusted(step, device)
        && step.kernel().stream()
            .flatMap(kernel -> kernel.dma().swiotlb().view().slots().stream())
            .anyMatch(
                slot ->
                    slot.original() >= (physical & -2048L) && slot.original() < physical + size);
  }

  /** K08: may a device write the same bytes through another mapping as well? */
  private void overlap(Step step, Live mapping) {
    if (!mapping.direction.fromDevice() || mapping.unsynced || mapping.kind == Live.Kind.RESOURCE) {
      return;
    }
    for (Live other : mappings.live()) {
      boolean writable = other.direction.fromDevice() && other.streaming() && !other.unsynced;
      boolean meets =
          mapping.pieces.stream()
              .anyMatch(p -> p.physical() >= 0 && other.lies(p.physical(), p.size()));
      if (writable && meets && mapping.streaming()) {
        step.raise(
            "K08",
            List.of(mapping.pieces.getFirst().physical()),
            List.of(Evidence.command(other.step), Evidence.command(step.number())),
            List.of(),
            Digits.bare(other.address),
            other.device.name(),
            Digits.bare(mapping.address),
            mapping.device.name());
        return;
      }
    }
  }

  /** K17: the same bytes once more, and nothing was ever released. */
  private void again(Step step, Live mapping) {
    long first = mapping.pieces.getFirst().physical();
    if (first < 0) {
      return;
    }
    long same =
        mappings.live().stream()
            .filter(one -> one.direction.fromDevice() && one.streaming() && one.lies(first, 64))
            .count();
    long lost =
        mappings.live().stream()
            .filter(one -> one.device == mapping.device && one.nameLost)
            .count();
    if (same > 7 || lost >= 64) {
      step.raise(
          "K17",
          mapping.device.source(),
          List.of(Evidence.command(mapping.step), Evidence.mapping(mapping.address)),
          List.of(),
          Math.max(same, lost),
          Digits.bare(first));
    }
  }

  /** K27: slots that nobody can give back, or one device that holds nearly all. */
  private void slots(Step step, PciDevice device) {
    Swiotlb pool = step.kernel().map(kernel -> kernel.dma().swiotlb()).orElse(null);
    List<Live> bounced = mappings.of(device.source()).stream().filter(one -> one.bounced).toList();
    if (pool == null || bounced.isEmpty()) {
      return;
    }
    long lost = bounced.stream().filter(one -> one.nameLost).count();
    long slots = bounced.stream().mapToLong(one -> one.size + 2047 >>> 11).sum();
    boolean old = bounced.stream().allMatch(one -> step.timeNs() - one.sinceNs >= 1_000_000_000L);
    boolean half = pool.used() * 2L > pool.total() && old;
    boolean most = step.errno() != null && slots * 4 > pool.used() * 3L;
    if (lost >= 3 || half || most) {
      step.raise(
          "K27",
          device.source(),
          List.of(Evidence.command(bounced.getFirst().step)),
          List.of(),
          device.name(),
          bounced.size(),
          lost > 0 ? ", and of " + lost + " the address is forgotten" : "",
          pool.used(),
          pool.total());
    }
  }

  private void resource(Step step, PciDevice device) {
    long physical = step.number(0, "phys_addr", "phys");
    if (step.rig().machine().memory().isRam(physical & -4096L, 4096)) {
      step.raise(
          "K24",
          physical,
          List.of(Evidence.command(step.number())),
          List.of(),
          Digits.bare(physical));
    }
    if (step.errno() == null) {
      var piece = new Live.Piece(step.ret(), step.number(0, "size", "len"), -1);
      mappings.add(
          new Live(
              device, Live.Kind.RESOURCE, direction(step), List.of(piece), 1, step, false, true));
    }
  }

  private void mapList(Step step, PciDevice device) {
    long limit = segments.getOrDefault(device, DEFAULT_SEGMENT);
    List<?> list = step.args().get("sg") instanceof List<?> given ? given : List.of();
    var physical = new ArrayList<long[]>();
    for (Object item : list) {
      if (item instanceof Map<?, ?> fields) {
        long at = number(fields.get("phys")) + Math.max(0, number(fields.get("offset")));
        long length = Math.max(number(fields.get("length")), number(fields.get("len")));
        physical.add(new long[] {physical(step, at), length});
        if (length > limit) {
          step.raise(
              "K15",
              device.source(),
              List.of(Evidence.command(step.number())),
              List.of(
                  Remedy.call(
                      "dma_set_max_seg_size",
                      String.format(
                          Locale.ROOT, "\"dev\":\"%s\",\"size\":%d", device.name(), length))),
              length,
              device.name(),
              limit);
        }
      }
    }
    if (step.errno() != null) {
      failed.add(new Failed(device, step.number(), String.valueOf(step.errno())));
      return;
    }
    var pieces = new ArrayList<Live.Piece>();
    if (step.out("sg") instanceof List<?> segments) {
      for (Object one : segments) {
        if (one instanceof Map<?, ?> fields) {
          long address = number(fields.get("dma_address"));
          pieces.add(new Live.Piece(address, number(fields.get("length")), -1));
        }
      }
    }
    if (pieces.isEmpty()) {
      return;
    }
    for (long[] one : physical) {
      pieces.add(new Live.Piece(-1, one[1], one[0]));
    }
    add(
        step,
        new Live(
            device,
            Live.Kind.LIST,
            direction(step),
            pieces,
            list.size(),
            step,
            false,
            skipsSync(step)));
  }

  // ---- unmap -----------------------------------------------------------------------------------

  private void unmap(Step step, PciDevice device, Live.Kind kind) {
    long address = step.number(0, "addr", "dma_addr", "dma_handle", "handle");
    long size = step.number(0, "size", "len");
    DmaDirection direction = direction(step);
    List<Live> found = mappings.at(device, address);
    if (found.isEmpty()) {
      found = named(step, device);
    }
    if (found.isEmpty()) {
      missing(step, device, address, "K03");
      return;
    }
    Live fit = best(found, kind, size, direction);
    if (fit == null) {
      return;
    }
    if (fit.kind != kind) {
      raise(step, "K04", fit, Digits.bare(address), fit.kind.text(), kind.text());
    } else if (fit.size != size) {
      raise(step, "K01", fit, fit.size, device.name(), Digits.bare(address), size);
    } else if (fit.direction != direction) {
      raise(step, "K02", fit, Digits.bare(address), fit.direction, direction);
    }
    gone(step, fit);
  }

  /** The list whose name was given where the address of its first segment belongs. */
  private List<Live> named(Step step, PciDevice device) {
    if (!(step.command() instanceof Command.Call call)
        || !(call.args().get("addr") instanceof String name)) {
      return List.of();
    }
    return mappings.of(device.source()).stream()
        .filter(one -> one.kind == Live.Kind.LIST && one.name.equals(name))
        .toList();
  }

  /** As dma-debug matches: with several at one address, only a perfect one is known. */
  private static @Nullable Live best(
      List<Live> found, Live.Kind kind, long size, DmaDirection direction) {
    for (Live one : found) {
      if (one.kind == kind && one.size == size && one.direction == direction) {
        return one;
      }
    }
    return found.size() == 1 ? found.getFirst() : null;
  }

  private void gone(Step step, Live mapping) {
    if (!mapping.checked && mapping.kind != Live.Kind.LIST && mapping.streaming()) {
      raiseUnchecked(step, mapping);
    }
    boolean partly = mapping.bytesWritten < mapping.size;
    if (oldKernel
        && mapping.bounced
        && mapping.direction == DmaDirection.DMA_FROM_DEVICE
        && partly) {
      raise(step, "K29", mapping, mapping.bytesWritten, mapping.size, Digits.bare(mapping.address));
    }
    rights(step, mapping);
    mappings.remove(mapping, step);
    unmapsInRow++;
    if (strict && unmapsInRow > 32) {
      step.raise("T19", "row", List.of(Evidence.command(step.number())), List.of(), unmapsInRow);
    }
  }

  /** T06: it was allowed both, and did only one. */
  private static void rights(Step step, Live mapping) {
    boolean only = mapping.deviceRead != mapping.deviceWrote;
    boolean narrower =
        mapping.direction == DmaDirection.DMA_BIDIRECTIONAL && only
            || mapping.direction == DmaDirection.DMA_FROM_DEVICE
                && mapping.deviceRead
                && !mapping.deviceWrote;
    if (narrower) {
      step.raise(
          "T06",
          mapping.address,
          List.of(Evidence.command(mapping.step)),
          List.of(),
          Digits.bare(mapping.address),
          mapping.direction,
          mapping.device.name(),
          mapping.deviceRead ? "reads" : "writes");
    }
  }

  private static void raiseUnchecked(Step step, Live mapping) {
    step.raise(
        "K12",
        List.of(mapping.device.source(), mapping.name),
        List.of(Evidence.command(mapping.step), Evidence.mapping(mapping.address)),
        fix("K12", mapping),
        Digits.bare(mapping.address));
    mapping.checked = true;
  }

  private static void raise(Step step, String rule, Live mapping, Object... says) {
    step.raise(
        rule,
        List.of(mapping.step, mapping.address),
        List.of(
            Evidence.command(mapping.step),
            Evidence.command(step.number()),
            Evidence.mapping(mapping.address)),
        fix(rule, mapping),
        says);
  }

  private static List<String> fix(String rule, Live mapping) {
    String device = "\"dev\":\"" + mapping.device.name() + "\"";
    return switch (rule) {
      case "K12" ->
          List.of(
              Remedy.call(
                  "dma_mapping_error",
                  device + ",\"dma_addr\":\"" + Digits.of(mapping.address) + "\""));
      case "K01", "K02" ->
          List.of(
              Remedy.call(
                  "dma_unmap_single",
                  device
                      + String.format(
                          Locale.ROOT,
                          ",\"addr\":\"%s\",\"size\":%d,\"dir\":\"%s\"",
                          Digits.of(mapping.address),
                          mapping.size,
                          mapping.direction)));
      case "K04" ->
          List.of(
              Remedy.call(
                  mapping.kind == Live.Kind.LIST ? "dma_unmap_sg" : "dma_free_coherent",
                  device
                      + String.format(
                          Locale.ROOT,
                          ",\"addr\":\"%s\",\"dir\":\"%s\"",
                          Digits.of(mapping.address),
                          mapping.direction)));
      case "K18", "K26" ->
          List.of(
              Remedy.call(
                  "dma_sync_single_for_cpu",
                  device
                      + String.format(
                          Locale.ROOT,
                          ",\"addr\":\"%s\",\"size\":%d,\"dir\":\"%s\"",
                          Digits.of(mapping.address),
                          mapping.size,
                          mapping.direction)));
      default -> List.of();
    };
  }

  /** K03, K05, K11, K13: there is nothing at that address for that device. */
  private void missing(Step step, PciDevice device, long address, String rule) {
    Optional<Live> other = mappings.ofOther(device.source(), address);
    Mappings.Gone before = mappings.wasLive(device.source(), address, step.timeNs());
    boolean own = mappings.holding(device.source(), address).isPresent();
    if (address == DmaMapping.ERROR) {
      raiseFailed(step, device);
    } else if (rule.equals("K03") && other.isPresent() && before == null && !own) {
      raise(
          step, "K05", other.get(), Digits.bare(address), other.get().device.name(), device.name());
    } else {
      var evidence = new ArrayList<Evidence>();
      evidence.add(Evidence.command(step.number()));
      if (before != null) {
        evidence.add(Evidence.command(before.step()));
      }
      step.raise(
          rule,
          List.of(device.source(), address, step.number()),
          evidence,
          List.of(),
          device.name(),
          Digits.bare(address),
          before == null ? "" : " (it was released at step " + before.step() + ")");
    }
  }

  private void unmapList(Step step, PciDevice device) {
    long address = step.number(0, "addr", "dma_addr", "dma_address");
    List<Live> found = mappings.at(device, address);
    if (found.isEmpty()) {
      missing(step, device, address, "K03");
      return;
    }
    Live fit = found.getFirst();
    if (fit.kind != Live.Kind.LIST) {
      raise(step, "K04", fit, Digits.bare(address), fit.kind.text(), Live.Kind.LIST.text());
    } else if (!count(step, fit) && fit.direction != direction(step)) {
      raise(step, "K02", fit, Digits.bare(address), fit.direction, direction(step));
    }
    gone(step, fit);
  }

  /** K07: another number of entries than was mapped. */
  private static boolean count(Step step, Live list) {
    long given = step.number(list.entries, "nents");
    if (given != list.entries) {
      raise(step, "K07", list, list.entries, given);
      return true;
    }
    return false;
  }

  // ---- sync ------------------------------------------------------------------------------------

  private void sync(Step step, PciDevice device, boolean forDevice) {
    long address = step.number(0, "addr", "dma_addr", "dma_handle", "handle");
    long size = step.number(0, "size", "len");
    Optional<Live> holding = mappings.holding(device.source(), address);
    if (holding.isEmpty()) {
      missing(step, device, address, "K11");
      return;
    }
    Live mapping = holding.get();
    Live.Piece piece =
        mapping.pieces.stream().filter(p -> p.holds(address)).findFirst().orElseThrow();
    if (address + size > piece.address() + piece.size()) {
      raise(
          step,
          "K09",
          mapping,
          Digits.bare(address),
          Digits.bare(address + size - 1),
          Digits.bare(piece.address()),
          Digits.bare(piece.address() + piece.size() - 1));
    }
    way(step, mapping, forDevice);
  }

  private void syncList(Step step, PciDevice device, boolean forDevice) {
    long address = step.number(0, "addr", "dma_addr", "dma_address");
    Optional<Live> holding = mappings.holding(device.source(), address);
    if (holding.isEmpty()) {
      missing(step, device, address, "K11");
    } else {
      count(step, holding.get());
      way(step, holding.get(), forDevice);
    }
  }

  private static void way(Step step, Live mapping, boolean forDevice) {
    DmaDirection direction = direction(step);
    boolean wrong =
        mapping.direction != DmaDirection.DMA_BIDIRECTIONAL
            && (direction != mapping.direction
                || !forDevice && mapping.direction == DmaDirection.DMA_TO_DEVICE);
    if (wrong) {
      raise(
          step,
          "K10",
          mapping,
          Digits.bare(mapping.address),
          mapping.direction,
          step.function(),
          direction);
    }
    mapping.forCpu = !forDevice;
    if (!forDevice) {
      mapping.deviceWrote = false;
    }
  }

  // ---- coherent --------------------------------------------------------------------------------

  private void allocate(Step step, PciDevice device) {
    if (step.errno() != null) {
      return;
    }
    long handle = number(step.out("dma_handle"));
    long physical = number(step.out("phys"));
    long size = step.number(0, "size");
    var piece = new Live.Piece(handle, size, physical);
    var mapping =
        new Live(
            device,
            Live.Kind.COHERENT,
            DmaDirection.DMA_BIDIRECTIONAL,
            List.of(piece),
            1,
            step,
            false,
            true);
    mapping.cpuAddress = number(step.out("cpu_addr"));
    mapping.checked = true;
    mappings.add(mapping);
  }

  private void release(Step step, PciDevice device) {
    long handle = step.number(-1, "dma_handle", "handle");
    long cpu = step.number(0, "cpu_addr");
    Live found = null;
    for (Live one : mappings.of(device.source())) {
      boolean same = handle >= 0 ? one.address == handle : one.cpuAddress == cpu;
      if (one.kind == Live.Kind.COHERENT && same) {
        found = one;
      }
    }
    if (found == null) {
      missing(step, device, handle, "K03");
      return;
    }
    long size = step.number(found.size, "size");
    boolean other = cpu != 0 && cpu != found.cpuAddress;
    if (size != found.size || other) {
      raise(
          step,
          "K06",
          found,
          Digits.bare(found.address),
          found.size + " bytes at " + Digits.of(found.cpuAddress),
          size + " bytes at " + Digits.of(other ? cpu : found.cpuAddress));
    }
    mappings.remove(found, step);
  }

  // ---- buffers ---------------------------------------------------------------------------------

  private void free(Step step) {
    long pointer = step.number(0, "ptr", "cpu_addr", "phys");
    long physical = physical(step, pointer);
    Mappings.Buffer buffer = mappings.freed(physical);
    long size = buffer == null ? 4096 : buffer.size();
    mappings
        .lying(physical, size)
        .ifPresent(
            one ->
                step.raise(
                    "K19",
                    physical,
                    List.of(
                        Evidence.command(one.step),
                        Evidence.command(step.number()),
                        Evidence.mapping(one.address)),
                    List.of(
                        Remedy.call(
                            "dma_unmap_single",
                            String.format(
                                Locale.ROOT,
                                "\"dev\":\"%s\",\"addr\":\"%s\",\"size\":%d,\"dir\":\"%s\"",
                                one.device.name(),
                                Digits.of(one.address),
                                one.size,
                                one.direction))),
                    Digits.bare(physical),
                    one.device.name(),
                    Digits.bare(one.address)));
  }

  /** K18 and K26: the processor at a buffer that belongs to the device. */
  private void touched(Step step, String at, long length, boolean store) {
    long address = DmaWatch.number(step.rig().resolved(Map.of("at", at)).get("at"));
    Kernel kernel = step.kernel().orElse(null);
    if (kernel == null) {
      return;
    }
    long physical = kernel.dma().physical(address);
    for (Live one : mappings.live()) {
      if (physical < 0 || !one.belongsToDevice() || !one.lies(physical, length)) {
        continue;
      }
      boolean unread = !store && one.direction.fromDevice() && one.deviceWrote;
      boolean unseen = store;
      if (unread && one.bounced) {
        raise(step, "K26", one, one.device.name(), Digits.bare(one.address));
      } else if (unread || unseen) {
        raise(
            step,
            "K18",
            one,
            store ? "The processor wrote" : "The processor read",
            Digits.bare(address),
            one.device.name(),
            one.step);
      }
    }
  }

  // ---- devices ---------------------------------------------------------------------------------

  private void asked(Step step) {
    long address = step.number(0, "dma_addr", "addr", "dma_handle");
    mappings.live().stream()
        .filter(one -> one.address == address)
        .forEach(one -> one.checked = true);
    step.device(step.args().getOrDefault("dev", ""))
        .ifPresent(device -> failed.removeIf(one -> one.device() == device));
  }

  private void register(Step step, DriverCommand.WriteRegister write) {
    step.device(write.dev()).ifPresent(device -> raiseFailed(step, device));
    long value = number(step.rig().resolved(Map.of("v", write.value())).get("v"));
    step.device(write.dev())
        .flatMap(device -> mappings.holding(device.source(), value))
        .filter(one -> one.streaming() && one.kind != Live.Kind.LIST && !one.checked)
        .ifPresent(one -> raiseUnchecked(step, one));
  }

  private void raiseFailed(Step step, PciDevice device) {
    for (Failed one : List.copyOf(failed)) {
      if (one.device() == device) {
        step.raise(
            "K13",
            one.step(),
            List.of(Evidence.command(one.step()), Evidence.command(step.number())),
            List.of(
                Remedy.call(
                    "dma_mapping_error",
                    String.format(
                        Locale.ROOT,
                        "\"dev\":\"%s\",\"dma_addr\":\"0xffffffffffffffff\"",
                        device.name()))),
            device.name(),
            one.step(),
            one.errno());
        failed.remove(one);
      }
    }
  }

  private void requests(Step step) {
    for (Seen.Request request : step.requests()) {
      unmapsInRow = 0;
      SourceId source = request.access().source();
      step.device(source.toString()).ifPresent(device -> raiseFailed(step, device));
      mappings
          .holding(source, request.address())
          .ifPresent(
              one -> {
                if (request.arrived()) {
                  one.deviceWrote |= request.writes();
                  one.deviceRead |= !request.writes();
                  one.bytesWritten += request.writes() ? request.chunk().length() : 0;
                  if (!one.checked && one.streaming() && one.kind != Live.Kind.LIST) {
                    raiseUnchecked(step, one);
                  }
                }
              });
    }
  }

  @Override
  public void atEnd(Step last) {
    List<Live> left =
        mappings.live().stream().filter(one -> one.kind != Live.Kind.COHERENT).toList();
    if (!left.isEmpty() && !(last.result() instanceof Result.Refused)) {
      Live one = left.getFirst();
      last.raise(
          "T08",
          "left",
          List.of(Evidence.command(one.step), Evidence.mapping(one.address)),
          List.of(
              Remedy.call(
                  one.kind == Live.Kind.LIST ? "dma_unmap_sg" : "dma_unmap_single",
                  String.format(
                      Locale.ROOT,
                      "\"dev\":\"%s\",\"addr\":\"%s\",\"size\":%d,\"dir\":\"%s\"",
                      one.device.name(),
                      Digits.of(one.address),
                      one.size,
                      one.direction))),
          left.size(),
          Digits.bare(one.address),
          one.device.name());
    }
  }
}
