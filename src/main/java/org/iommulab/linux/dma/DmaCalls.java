package org.iommulab.linux.dma;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.swiotlb.DmaDirection;
import org.iommulab.linux.uapi.Status;
import org.jspecify.annotations.Nullable;

/**
 * The DMA functions a script can call by their kernel names. {@code dev} is a device's name or
 * requester id; buffers are physical or kernel addresses; an argument {@code cpu} moves to another
 * CPU first.
 */
public final class DmaCalls {

  /** A scatter list that is mapped. */
  private record Mapped(DmaDevice device, List<SgMapping.Segment> segments) {}

  private final DmaApi api;
  private final Map<Long, Mapped> lists = new HashMap<>();
  private final KernelBuffers buffers;
  private final DeviceCalls devices;

  /** The functions of one kernel. */
  public DmaCalls(KernelParts parts, DmaApi api) {
    this.api = api;
    this.buffers = new KernelBuffers(parts);
    this.devices = new DeviceCalls(api);
  }

  /** Calls a function; null if it is none of these. */
  public @Nullable DmaCall call(String function, Map<String, Object> values) {
    var arguments = new CallArguments(api, values);
    int before = api.cpus().current();
    if (arguments.has("cpu") && !api.cpus().switchTo((int) arguments.number("cpu"))) {
      arguments.complain("needs a \"cpu\" below " + api.cpus().count());
    }
    DmaCall result =
        switch (function) {
          case "dma_map_single" -> mapSingle(arguments);
          case "dma_map_phys", "dma_map_page", "dma_map_page_attrs" -> map(arguments);
          case "dma_unmap_single", "dma_unmap_phys", "dma_unmap_page", "dma_unmap_page_attrs" ->
              unmap(arguments);
          case "dma_sync_single_for_cpu" -> sync(arguments, false);
          case "dma_sync_single_for_device" -> sync(arguments, true);
          case "dma_mapping_error" ->
              DmaCall.value(arguments.number("dma_addr") == DmaMapping.ERROR ? 1 : 0, Map.of());
          case "dma_map_sg", "dma_map_sgtable" -> mapSg(arguments);
          case "dma_unmap_sg", "dma_unmap_sgtable" -> unmapSg(arguments);
          case "dma_alloc_coherent", "dma_alloc_attrs" -> allocCoherent(arguments);
          case "dma_free_coherent", "dma_free_attrs" -> freeCoherent(arguments);
          case "dma_map_resource" -> mapResource(arguments);
          case "dma_unmap_resource" -> unmapResource(arguments);
          case "dma_sync_sg_for_cpu" -> syncSg(arguments, false);
          case "dma_sync_sg_for_device" -> syncSg(arguments, true);
          case "kmalloc", "kzalloc" -> buffers.kmalloc(arguments, function.equals("kzalloc"));
          case "kfree" -> buffers.kfree(arguments);
          default -> devices.call(function, arguments);
        };
    String problem = arguments.problem();
    if (problem != null || result == null) {
      api.cpus().switchTo(before);
    }
    return result != null && problem != null ? DmaCall.misuse(function + " " + problem) : result;
  }

  private static DmaCall misused() {
    return DmaCall.misuse("");
  }

  // ---- streaming ------------------------------------------------------------------------------

  private DmaCall mapSingle(CallArguments arguments) {
    DmaDevice device = arguments.device();
    long pointer =
        arguments.number("ptr", "cpu_addr", "phys", "page") + arguments.optional("offset", 0);
    long size = arguments.number("size", "len");
    DmaDirection direction = arguments.direction();
    return device == null || arguments.problem() != null
        ? misused()
        : DmaCall.of(api.mapSingle(device, pointer, size, direction, arguments.skipSync()));
  }

  private DmaCall map(CallArguments arguments) {
    DmaDevice device = arguments.device();
    long phys =
        arguments.buffer("ptr", "cpu_addr", "phys", "page") + arguments.optional("offset", 0);
    long size = arguments.number("size", "len");
    DmaDirection direction = arguments.direction();
    return device == null || arguments.problem() != null
        ? misused()
        : DmaCall.of(api.map(device, phys, size, direction, arguments.skipSync()));
  }

  private DmaCall unmap(CallArguments arguments) {
    DmaDevice device = arguments.device();
    long address = arguments.number("addr", "dma_addr", "dma_handle", "handle");
    long size = arguments.number("size", "len");
    DmaDirection direction = arguments.direction();
    return device == null || arguments.problem() != null
        ? misused()
        : DmaCall.of(api.unmap(device, address, size, direction, arguments.skipSync()));
  }

  private DmaCall sync(CallArguments arguments, boolean forDevice) {
    DmaDevice device = arguments.device();
    long address = arguments.number("addr", "dma_addr", "dma_handle", "handle");
    long size = arguments.number("size", "len");
    DmaDirection direction = arguments.direction();
    if (device == null || arguments.problem() != null) {
      return misused();
    }
    return DmaCall.of(
        forDevice
            ? api.syncForDevice(device, address, size, direction)
            : api.syncForCpu(device, address, size, direction));
  }

  private DmaCall mapSg(CallArguments arguments) {
    DmaDevice device = arguments.device();
    List<SgMapping.Entry> entries = arguments.scatterList();
    DmaDirection direction = arguments.direction();
    if (device == null || arguments.problem() != null) {
      return misused();
    }
    SgMapping mapping = api.mapSg(device, entries, direction, arguments.skipSync());
    if (mapping.status().failed()) {
      return DmaCall.of(mapping.status());
    }
    lists.put(mapping.segments().getFirst().address(), new Mapped(device, mapping.segments()));
    var sg = new ArrayList<Map<String, Object>>();
    for (SgMapping.Segment segment : mapping.segments()) {
      sg.add(Map.of("dma_address", segment.address(), "length", segment.length()));
    }
    long first = mapping.segments().getFirst().address();
    return DmaCall.value(mapping.segments().size(), Map.of("dma_addr", first, "sg", sg));
  }

  private DmaCall unmapSg(CallArguments arguments) {
    DmaDevice device = arguments.device();
    long address = arguments.number("addr", "dma_addr", "dma_address");
    DmaDirection direction = arguments.direction();
    Mapped mapped = lists.get(address);
    if (mapped == null || mapped.device() != device) {
      arguments.complain(
          "needs the \"addr\" of the first segment that dma_map_sg gave this device");
    }
    if (device == null || mapped == null || arguments.problem() != null) {
      return misused();
    }
    lists.remove(address);
    return DmaCall.of(api.unmapSg(device, mapped.segments(), direction));
  }

  private DmaCall syncSg(CallArguments arguments, boolean forDevice) {
    DmaDevice device = arguments.device();
    Mapped mapped = lists.get(arguments.number("addr", "dma_addr", "dma_address"));
    DmaDirection direction = arguments.direction();
    if (mapped == null) {
      arguments.complain("needs the \"addr\" of the first segment that dma_map_sg gave");
    }
    if (device == null || mapped == null || arguments.problem() != null) {
      return misused();
    }
    Status status = Status.OK;
    for (SgMapping.Segment segment : mapped.segments()) {
      Status one =
          forDevice
              ? api.syncForDevice(device, segment.address(), segment.length(), direction)
              : api.syncForCpu(device, segment.address(), segment.length(), direction);
      status = status.failed() ? status : one;
    }
    return DmaCall.of(status);
  }

  // ---- registers of another device --------------------------------------------------------------

  private DmaCall mapResource(CallArguments arguments) {
    DmaDevice device = arguments.device();
    long phys = arguments.number("phys_addr", "phys");
    long size = arguments.number("size", "len");
    DmaDirection direction = arguments.direction();
    return device == null || arguments.problem() != null
        ? misused()
        : DmaCall.of(api.mapResource(device, phys, size, direction));
  }

  private DmaCall unmapResource(CallArguments arguments) {
    DmaDevice device = arguments.device();
    long address = arguments.number("addr", "dma_addr", "handle");
    long size = arguments.number("size", "len");
    DmaDirection direction = arguments.direction();
    return device == null || arguments.problem() != null
        ? misused()
        : DmaCall.of(api.unmapResource(device, address, size, direction));
  }

  // ---- coherent -------------------------------------------------------------------------------

  private DmaCall allocCoherent(CallArguments arguments) {
    DmaDevice device = arguments.device();
    long size = arguments.number("size");
    boolean mayBlock = !arguments.text("gfp", "GFP_KERNEL").equals("GFP_ATOMIC");
    long phys = arguments.has("phys") ? arguments.buffer("phys") : -1;
    if (device == null || arguments.problem() != null) {
      return misused();
    }
    CoherentBuffer buffer = api.allocCoherent(device, size, mayBlock, phys);
    if (buffer.status().failed()) {
      return DmaCall.of(buffer.status());
    }
    var out = new LinkedHashMap<String, Object>();
    out.put("dma_handle", buffer.handle());
    out.put("cpu_addr", buffer.cpuAddress());
    out.put("phys", buffer.frames().getFirst());
    out.put("frames", buffer.frames());
    return DmaCall.value(buffer.handle(), out);
  }

  private DmaCall freeCoherent(CallArguments arguments) {
    DmaDevice device = arguments.device();
    long cpuAddress = arguments.optional("cpu_addr", 0);
    long handle =
        arguments.has("cpu_addr") && !arguments.has("dma_handle")
            ? DmaMapping.ERROR
            : arguments.number("dma_handle", "handle");
    return device == null || arguments.problem() != null
        ? misused()
        : DmaCall.of(api.freeCoherent(device, cpuAddress, handle));
  }
}
