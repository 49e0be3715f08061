package org.iommulab.ui.form;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.bits.Layout;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.language.Bytes;
import org.iommulab.lab.language.Command;
import org.iommulab.ui.Hex;
import org.iommulab.vtd.layout.InvalidationDescriptor;
import org.iommulab.vtd.layout.Register;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.vtd.tables.QueueContents;

/**
 * The commands that invalidate, as software would: the driver's own function when a kernel runs,
 * because it keeps its position in the queue; without one a descriptor in the queue and a new tail
 * when the queue is on, otherwise the command registers.
 */
final class Invalidation {

  /** What is dropped. */
  enum Scope {
    IOTLB_PAGES(3, "page"),
    IOTLB_DOMAIN(2, "domain"),
    IOTLB_ALL(1, "global"),
    CONTEXT_DEVICE(3, "device"),
    CONTEXT_DOMAIN(2, "domain"),
    CONTEXT_ALL(1, "global");

    /** The code that registers and descriptors have for it. */
    private final int granularity;

    /** The driver's word for it. */
    private final String words;

    Scope(int granularity, String words) {
      this.granularity = granularity;
      this.words = words;
    }

    boolean isContext() {
      return this == CONTEXT_DEVICE || this == CONTEXT_DOMAIN || this == CONTEXT_ALL;
    }
  }

  private final FormFacts facts;

  Invalidation(FormFacts facts) {
    this.facts = facts;
  }

  /**
   * The commands.
   *
   * @param device requester id for {@link Scope#CONTEXT_DEVICE}, else empty
   * @param iova first address for {@link Scope#IOTLB_PAGES}, else 0
   * @param pages a power of two
   */
  List<Command> commands(Scope scope, int domain, String device, long iova, int pages) {
    int source = SourceId.parse(device).map(SourceId::value).orElse(0);
    int mask = Integer.numberOfTrailingZeros(pages);
    if (facts.booted()) {
      return List.of(
          scope.isContext()
              ? contextCall(scope, domain, source)
              : iotlbCall(scope, domain, iova, mask));
    }
    if (facts.isQueued() && facts.queue().isPresent()) {
      return queued(facts.queue().get(), descriptor(scope, domain, source, iova, mask));
    }
    return scope.isContext()
        ? List.of(write(RegisterLayouts.CCMD, contextCommand(scope, domain, source)))
        : iotlbCommands(scope, domain, iova, mask);
  }

  private static Command contextCall(Scope scope, int domain, int source) {
    return Through.call(
        "qi_flush_context", "did", (long) domain, "source_id", (long) source, "type", scope.words);
  }

  private static Command iotlbCall(Scope scope, int domain, long iova, int mask) {
    return Through.call(
        "qi_flush_iotlb",
        "did",
        (long) domain,
        "addr",
        Hex.script(iova),
        "size_order",
        (long) mask,
        "type",
        scope.words);
  }

  private static long[] descriptor(Scope scope, int domain, int source, long iova, int mask) {
    var kind =
        scope.isContext() ? InvalidationDescriptor.CONTEXT_CACHE : InvalidationDescriptor.IOTLB;
    Layout layout = kind.layout();
    long[] words = new long[2];
    set(words, layout, "TYPE", kind.type());
    set(words, layout, "G", scope.granularity);
    set(words, layout, "DID", domain);
    if (scope.isContext()) {
      set(words, layout, "SID", source);
    } else {
      set(words, layout, "AM", mask);
      set(words, layout, "ADDR", iova);
    }
    return words;
  }

  private static void set(long[] words, Layout layout, String field, long value) {
    var place = layout.field(field);
    words[place.quadword()] = place.with(words[place.quadword()], value);
  }

  private static List<Command> queued(QueueContents queue, long[] words) {
    int size = queue.descriptorBytes();
    long[] whole = java.util.Arrays.copyOf(words, size / 8);
    long tail = (queue.tail() + size) % queue.bytes();
    return List.of(
        new Command.MemWrite(queue.address() + queue.tail(), Bytes.ofQuadwords(whole)),
        new Command.RegWrite(RegisterLayouts.IQT.position(), 8, tail));
  }

  private static long contextCommand(Scope scope, int domain, int source) {
    Layout layout = RegisterLayouts.CCMD.layout();
    long value = layout.field("ICC").with(0, 1);
    value = layout.field("CIRG").with(value, scope.granularity);
    value = layout.field("DID").with(value, domain);
    return layout.field("SID").with(value, source);
  }

  private List<Command> iotlbCommands(Scope scope, int domain, long iova, int mask) {
    var commands = new ArrayList<Command>();
    if (scope == Scope.IOTLB_PAGES) {
      commands.add(write(RegisterLayouts.IVA, iova | mask));
    }
    Layout layout = RegisterLayouts.IOTLB.layout();
    long value = layout.field("IVT").with(0, 1);
    value = layout.field("IIRG").with(value, scope.granularity);
    commands.add(write(RegisterLayouts.IOTLB, layout.field("DID").with(value, domain)));
    return commands;
  }

  private Command write(Register register, long value) {
    return new Command.RegWrite(facts.registers().offset(register), 8, value);
  }
}
