package org.iommulab.lab.expect;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.iommulab.bus.SourceId;
import org.iommulab.linux.Kernel;
import org.iommulab.linux.dma.DmaView;
import org.iommulab.linux.iova.IovaView;
import org.iommulab.linux.swiotlb.SwiotlbView;
import org.jspecify.annotations.Nullable;

/** What paths can see of the kernel's DMA API. */
final class DmaState {

  private final Observation moment;

  DmaState(Observation moment) {
    this.moment = moment;
  }

  private Optional<DmaView> view() {
    return moment.kernel().map(kernel -> kernel.dma().view());
  }

  /** {@code slots}: SWIOTLB's pool; {@code slots.total} is 0 without one. */
  @Nullable Object slots(List<Object> arguments) {
    return view().map(DmaView::swiotlb).map(DmaState::pool).orElse(null);
  }

  private static Map<String, Object> pool(SwiotlbView pool) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("start", pool.start());
    fields.put("end", pool.end());
    fields.put("total", (long) pool.total());
    fields.put("used", (long) pool.used());
    fields.put("force", pool.force());
    fields.put("areas", Records.all(pool.areas()));
    fields.put("more", Records.all(pool.more()));
    fields.put("list", pool.slots().stream().map(slot -> (long) slot.list()).toList());
    return fields;
  }

  /** {@code orig[i]}: physical address of the bytes that slot {@code i} stands for. */
  @Nullable Object originals(List<Object> arguments) {
    return view()
        .map(dma -> dma.swiotlb().slots().stream().map(SwiotlbView.Slot::original).toList())
        .orElse(null);
  }

  /** {@code iova(device)}: the allocator of a device's domain. */
  @Nullable Object iova(List<Object> arguments) {
    return domain(arguments).map(domain -> allocator(domain.iova(), domain)).orElse(null);
  }

  private static Map<String, Object> allocator(IovaView iova, DmaView.Domain domain) {
    Map<String, Object> fields = Records.fields(iova);
    fields.put("size", (long) iova.nodes().size());
    fields.put("live", (long) domain.liveRanges());
    return fields;
  }

  /** {@code fq(device)}: the flush queue of a device's domain, nothing in strict mode. */
  @Nullable Object queue(List<Object> arguments) {
    return domain(arguments)
        .flatMap(domain -> Optional.ofNullable(domain.queue()))
        .map(Records::fields)
        .orElse(null);
  }

  private Optional<DmaView.Domain> domain(List<Object> arguments) {
    if (arguments.isEmpty()) {
      throw new IllegalArgumentException("a device is missing");
    }
    SourceId device =
        moment
            .device(arguments.getFirst())
            .orElseThrow(
                () -> new IllegalArgumentException("there is no device " + arguments.getFirst()));
    return view()
        .flatMap(
            dma ->
                dma.devices().stream()
                    .filter(one -> one.sid().equals(device))
                    .flatMap(
                        one -> dma.domains().stream().filter(domain -> domain.id() == one.domain()))
                    .findFirst());
  }

  /** {@code exposed}: ranges that are unmapped, but that devices can still reach. */
  Object exposed(List<Object> arguments) {
    return Records.all(view().map(DmaView::exposed).orElse(List.of()));
  }

  /** {@code boot}: what was chosen for DMA at boot, and why. */
  @Nullable Object boot(List<Object> arguments) {
    return moment.kernel().map(DmaState::boot).orElse(null);
  }

  private static Map<String, Object> boot(Kernel kernel) {
    Map<String, Object> fields = Records.fields(kernel.bootChoice());
    fields.put("printed", kernel.bootChoice().printed());
    fields.put("stage", kernel.bootStage().function());
    fields.put("hook", kernel.bootHook());
    return fields;
  }
}
