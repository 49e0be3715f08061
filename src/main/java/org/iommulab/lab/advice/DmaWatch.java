package org.iommulab.lab.advice;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.iommulab.bus.PciDevice;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.DriverCommand;
import org.iommulab.linux.swiotlb.DmaDirection;
import org.jspecify.annotations.Nullable;

/**
 * What drivers do with the DMA API: keeps the books of their mappings, and lets the rules look at
 * each call (K01 to K19, K22, K24, K26 to K29, T06, T08, T09, T19).
 */
final class DmaWatch implements Watcher {

  private final Mappings mappings;
  private final MaskWatch masks = new MaskWatch();
  private final ErrorRules errors = new ErrorRules();
  private final UseRules uses = new UseRules();
  private final BufferRules buffers;
  private final BounceRules bounces;
  private final ReleaseRules releases;
  private final SyncRules syncs;
  private final OwnerRules owners;

  DmaWatch(Mappings mappings) {
    this.mappings = mappings;
    buffers = new BufferRules(mappings);
    bounces = new BounceRules(mappings);
    releases = new ReleaseRules(mappings, errors);
    syncs = new SyncRules(mappings, releases);
    owners = new OwnerRules(mappings);
  }

  @Override
  public void see(Step step) {
    switch (step.command()) {
      case Command.LinuxBoot boot -> {
        mappings.clear();
        errors.clear();
        masks.clear();
        uses.booted(boot.cmdline());
        bounces.booted(boot.era());
      }
      case Command.Call call -> call(step, call.fn());
      case DriverCommand.Store store ->
          owners.touched(step, store.at(), store.u64().size() * 8L, true);
      case DriverCommand.Load load -> owners.touched(step, load.at(), load.len(), false);
      case DriverCommand.WriteRegister write -> register(step, write);
      default -> {}
    }
    requests(step);
  }

  private void call(Step step, String function) {
    uses.called(function);
    switch (function) {
      case "kmalloc", "kzalloc" -> {
        if (step.out("phys") instanceof String || step.out("phys") instanceof Number) {
          mappings.allocated(Step.number(step.out("phys")), step.number(0, "size"), step.number());
        }
      }
      case "kfree" -> owners.freed(step);
      case "sysfs_write" -> releases.handed(step);
      case "dma_mapping_error" -> errors.asked(step, mappings);
      default ->
          step.device(step.args().getOrDefault("dev", ""))
              .ifPresent(device -> called(new DmaCall(step, device), function));
    }
  }

  private void called(DmaCall call, String function) {
    switch (function) {
      case "dma_map_single", "dma_map_page", "dma_map_phys", "dma_map_page_attrs" -> map(call);
      case "dma_unmap_single", "dma_unmap_page", "dma_unmap_phys", "dma_unmap_page_attrs" ->
          gone(call.step(), releases.unmapped(call, Live.Kind.SINGLE));
      case "dma_map_resource" -> mapResource(call);
      case "dma_unmap_resource" -> gone(call.step(), releases.unmapped(call, Live.Kind.RESOURCE));
      case "dma_map_sg", "dma_map_sgtable" -> mapList(call);
      case "dma_unmap_sg", "dma_unmap_sgtable" -> gone(call.step(), releases.unmappedList(call));
      case "dma_sync_single_for_cpu" -> syncs.synced(call, false);
      case "dma_sync_single_for_device" -> syncs.synced(call, true);
      case "dma_sync_sg_for_cpu", "dma_sync_sg_for_device" ->
          syncs.syncedList(call, function.endsWith("device"));
      case "dma_alloc_coherent", "dma_alloc_attrs" -> allocate(call);
      case "dma_free_coherent", "dma_free_attrs" -> releases.freed(call);
      case "dma_set_max_seg_size" -> buffers.setSegment(call);
      case "dma_set_mask", "dma_set_coherent_mask", "dma_set_mask_and_coherent" ->
          masks.set(call.step(), call.device());
      default -> {}
    }
  }

  // ---- mappings come ---------------------------------------------------------------------------

  private void map(DmaCall call) {
    buffers.source(call);
    Step step = call.step();
    if (step.errno() != null) {
      errors.mapFailed(call);
      bounces.mapFailed(call);
      return;
    }
    long address = step.ret();
    long physical = DmaCall.physical(step, call.pointer());
    boolean bounced = BounceRules.isBounced(call, address, physical);
    var piece = new Live.Piece(address, call.size(), physical);
    add(
        step,
        new Live(
            call.device(),
            Live.Kind.SINGLE,
            call.direction(),
            List.of(piece),
            1,
            step,
            bounced,
            call.skipsSync()));
    masks.mapped(step, call.device());
    bounces.mapped(call, physical, bounced);
  }

  private void mapList(DmaCall call) {
    Step step = call.step();
    List<?> list = step.args().get("sg") instanceof List<?> given ? given : List.of();
    var behind = new ArrayList<Live.Piece>();
    for (Object item : list) {
      if (item instanceof Map<?, ?> fields) {
        long at = Step.number(fields.get("phys")) + Math.max(0, Step.number(fields.get("offset")));
        long length = Math.max(Step.number(fields.get("length")), Step.number(fields.get("len")));
        behind.add(new Live.Piece(-1, length, DmaCall.physical(step, at)));
        buffers.segment(call, length);
      }
    }
    if (step.errno() != null) {
      errors.mapFailed(call);
      return;
    }
    List<Live.Piece> pieces = segments(step);
    if (!pieces.isEmpty()) {
      pieces.addAll(behind);
      add(
          step,
          new Live(
              call.device(),
              Live.Kind.LIST,
              call.direction(),
              pieces,
              list.size(),
              step,
              false,
              call.skipsSync()));
    }
  }

  private static List<Live.Piece> segments(Step step) {
    var pieces = new ArrayList<Live.Piece>();
    if (step.out("sg") instanceof List<?> segments) {
      for (Object one : segments) {
        if (one instanceof Map<?, ?> fields) {
          long address = Step.number(fields.get("dma_address"));
          pieces.add(new Live.Piece(address, Step.number(fields.get("length")), -1));
        }
      }
    }
    return pieces;
  }

  private void add(Step step, Live mapping) {
    buffers.overlap(step, mapping);
    String as = step.command() instanceof Command.Call call && call.as() != null ? call.as() : "";
    for (Live other : mappings.live()) {
      if (!as.isEmpty() && other.name.equals(as) && other.address != mapping.address) {
        other.nameLost = true;
      }
    }
    mapping.name = as;
    mappings.add(mapping);
    errors.mapped(mapping.device);
    buffers.again(step, mapping);
    bounces.slots(step, mapping.device);
  }

  private void mapResource(DmaCall call) {
    buffers.resource(call);
    Step step = call.step();
    if (step.errno() == null) {
      var piece = new Live.Piece(step.ret(), call.size(), -1);
      mappings.add(
          new Live(
              call.device(),
              Live.Kind.RESOURCE,
              call.direction(),
              List.of(piece),
              1,
              step,
              false,
              true));
    }
  }

  private void allocate(DmaCall call) {
    Step step = call.step();
    if (step.errno() != null) {
      return;
    }
    long handle = Step.number(step.out("dma_handle"));
    long physical = Step.number(step.out("phys"));
    var piece = new Live.Piece(handle, step.number(0, "size"), physical);
    var mapping =
        new Live(
            call.device(),
            Live.Kind.COHERENT,
            DmaDirection.DMA_BIDIRECTIONAL,
            List.of(piece),
            1,
            step,
            false,
            true);
    mapping.cpuAddress = Step.number(step.out("cpu_addr"));
    mapping.checked = true;
    mappings.add(mapping);
  }

  // ---- mappings go, and are used ---------------------------------------------------------------

  private void gone(Step step, @Nullable Live mapping) {
    if (mapping != null) {
      errors.used(step, mapping);
      bounces.released(step, mapping);
      uses.released(step, mapping);
      mappings.remove(mapping, step);
      uses.flushed(step);
    }
  }

  private void register(Step step, DriverCommand.WriteRegister write) {
    PciDevice device = step.device(write.dev()).orElse(null);
    if (device != null) {
      errors.working(step, device);
      long value = Step.number(step.rig().resolved(Map.of("v", write.value())).get("v"));
      mappings.holding(device.source(), value).ifPresent(one -> errors.used(step, one));
    }
  }

  private void requests(Step step) {
    for (Seen.Request request : step.requests()) {
      uses.requested();
      SourceId source = request.access().source();
      step.device(source.toString()).ifPresent(device -> errors.working(step, device));
      if (request.arrived()) {
        mappings.holding(source, request.address()).ifPresent(one -> used(step, request, one));
      }
    }
  }

  private void used(Step step, Seen.Request request, Live mapping) {
    mapping.deviceWrote |= request.writes();
    mapping.deviceRead |= !request.writes();
    mapping.bytesWritten += request.writes() ? request.chunk().length() : 0;
    errors.used(step, mapping);
  }

  @Override
  public void atEnd(Step last) {
    releases.atEnd(last);
  }
}
