package org.iommulab.evidence.log;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.iommulab.bits.Field;
import org.iommulab.vtd.config.Capabilities;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** What a log holds, as JSON: the schema of {@code explain --json}. */
public final class LogJson {

  private static final int USUAL_WIDTH = 39;

  private final JsonGenerator out;
  private final LogFacts facts;
  private final KernelLog log;

  private LogJson(JsonGenerator out, KernelLog log) {
    this.out = out;
    this.log = log;
    this.facts = log.facts();
  }

  /**
   * Writes the members of the object that the caller has opened.
   *
   * @param remark adds members to a fault's object
   */
  public static void write(KernelLog log, JsonGenerator out, Consumer<LogFault> remark) {
    new LogJson(out, log).members(remark);
  }

  private void members(Consumer<LogFault> remark) {
    out.writeStringProperty("platform", log.platform().word());
    log.hostAddressWidth().ifPresent(width -> out.writeNumberProperty("host_address_width", width));
    objects("units", log.units(), this::unit, true);
    objects("rmrr", facts.rmrrs, this::rmrr, true);
    objects(
        "faults",
        facts.faults,
        fault -> {
          fault(fault);
          remark.accept(fault);
        },
        true);
    if (facts.faultCount() > facts.faults.size()) {
      out.writeNumberProperty("faults_total", facts.faultCount());
    }
    if (log.faultCount() > 1) {
      objects("fault_groups", log.tallies(), this::tally, false);
    }
    hexes("fault_status_regs", facts.statuses);
    numbers("suppressed", facts.suppressed);
    texts("messages", facts.messages);
    optional("irq_remapping_mode", facts.interruptMode);
    texts("queued_invalidation_units", facts.queuedUnits);
    texts("feature_inconsistent", facts.inconsistent);
    hexes("atsr_flags", facts.atsrFlags);
    hexes("satc_flags", facts.satcFlags);
    objects("rhsa", facts.affinities, this::affinity, false);
    objects("ioapic", facts.ioapics, this::placed, false);
    objects("hpet", facts.hpets, this::placed, false);
    objects("andd", facts.namespaceDevices, this::named, false);
    texts("copied_ir_table", facts.copiedTables);
    identityMaps();
    texts("firmware_bugs", facts.firmwareBugs);
    bios();
    texts("kernel_parameters", facts.kernelParameters);
    optional("default_domain_type", facts.domainType);
    optional("flush_policy", facts.flushPolicy);
    optional("kernel_version", facts.kernelVersion);
    optional("hardware", facts.hardware);
    objects("queued_invalidation_errors", facts.invalidationErrors, this::error, false);
    texts("page_walk", log.pageWalk());
    objects("trace", facts.trace, this::event, false);
    if (facts.orphanReasons > 0) {
      out.writeNumberProperty("reasons_without_fault", facts.orphanReasons);
    }
    if (facts.boots > 0) {
      out.writeNumberProperty("boots", facts.boots + 1);
    }
  }

  private <T> void objects(String name, List<T> items, Consumer<T> writer, boolean always) {
    if (items.isEmpty() && !always) {
      return;
    }
    out.writeArrayPropertyStart(name);
    for (T item : items) {
      out.writeStartObject();
      writer.accept(item);
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private void texts(String name, Iterable<String> values) {
    if (values.iterator().hasNext()) {
      out.writeArrayPropertyStart(name);
      values.forEach(out::writeString);
      out.writeEndArray();
    }
  }

  private void hexes(String name, List<Long> values) {
    texts(name, values.stream().map(LogJson::hex).toList());
  }

  private void numbers(String name, List<Long> values) {
    if (!values.isEmpty()) {
      out.writeArrayPropertyStart(name);
      values.forEach(value -> out.writeNumber(value.longValue()));
      out.writeEndArray();
    }
  }

  static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }

  private void hex(String name, @Nullable Long value) {
    text(name, value == null ? null : hex(value));
  }

  private void text(String name, @Nullable String value) {
    if (value == null) {
      out.writeNullProperty(name);
    } else {
      out.writeStringProperty(name, value);
    }
  }

  private void optional(String name, @Nullable String value) {
    if (value != null) {
      out.writeStringProperty(name, value);
    }
  }

  private void unit(LogUnit unit) {
    text("name", unit.name());
    hex("base", unit.base());
    text("version", unit.version());
    hex("cap", unit.cap());
    hex("ecap", unit.ecap());
    Integer flags = unit.flags();
    hex("drhd_flags", flags == null ? null : Long.valueOf(flags));
    if (flags == null) {
      out.writeNullProperty("include_all");
    } else {
      out.writeBooleanProperty("include_all", (flags & 1) != 0);
    }
    texts("scope", unit.scope());
    out.writeNumberProperty("line", unit.line());
    Long cap = unit.cap();
    Long ecap = unit.ecap();
    if (cap != null && ecap != null) {
      capabilities(new Capabilities(cap, ecap, version(unit), USUAL_WIDTH));
    }
  }

  private static int version(LogUnit unit) {
    String text = Optional.ofNullable(unit.version()).orElse("1:0");
    int colon = text.indexOf(':');
    return Integer.parseInt(text.substring(0, colon)) << 4
        | Integer.parseInt(text.substring(colon + 1)) & 0xF;
  }

  private void capabilities(Capabilities unit) {
    out.writeObjectPropertyStart("capabilities");
    out.writeNumberProperty("domain_id_bits", unit.domainIdBits());
    out.writeNumberProperty("guest_address_width", unit.maximumGuestAddressWidth());
    out.writeNumberProperty("deepest_levels", unit.deepestLevels());
    out.writeArrayPropertyStart("second_stage_pages");
    out.writeString("4K");
    if (unit.supportsLeaf(2)) {
      out.writeString("2M");
    }
    if (unit.supportsLeaf(3)) {
      out.writeString("1G");
    }
    out.writeEndArray();
    out.writeNumberProperty("fault_records", unit.faultRecords());
    out.writeArrayPropertyStart("features");
    unit.features().forEach(out::writeString);
    out.writeEndArray();
    out.writeObjectPropertyStart("fields");
    fields(CapabilityLayout.LAYOUT.fields(), unit.cap());
    fields(ExtendedCapabilityLayout.LAYOUT.fields(), unit.ecap());
    out.writeEndObject();
    out.writeEndObject();
  }

  private void fields(List<Field> fields, long value) {
    for (Field field : fields) {
      if (field.kind() == Field.Kind.NUMBER) {
        out.writeNumberProperty(field.name(), field.get(value));
      }
    }
  }

  private void rmrr(LogRmrr rmrr) {
    hex("base", rmrr.base());
    hex("end", rmrr.end());
    texts("devices", rmrr.devices());
    if (rmrr.ignored()) {
      out.writeBooleanProperty("ignored", true);
    }
    out.writeNumberProperty("line", rmrr.line());
  }

  private void fault(LogFault fault) {
    out.writeStringProperty("type", fault.kind().word());
    optional("segment", fault.segment());
    text("bdf", fault.bdf());
    hex(fault.kind() == LogFault.Kind.INTERRUPT ? "index" : "addr", fault.address());
    Long pasid = fault.pasid();
    if (pasid == null) {
      out.writeNullProperty("pasid");
    } else {
      out.writeNumberProperty("pasid", pasid);
    }
    text("pasid_raw", fault.pasidRaw());
    Reason reason = fault.reason();
    text("reason_raw", reason.raw());
    optional("reason_base", reason.base());
    Integer code = reason.code();
    text("reason_code", code == null ? null : String.format(Locale.ROOT, "0x%02x", code));
    text("reason_text", reason.text());
    optional("reason_text_full", reason.full());
    optional("reason_text_note", reason.note());
    if (!Double.isNaN(fault.seconds())) {
      out.writeNumberProperty("seconds", fault.seconds());
    }
    optional("clock", fault.clock());
    out.writeNumberProperty("line", fault.line());
  }

  private void tally(FaultTally tally) {
    LogFault first = tally.first();
    out.writeStringProperty("type", first.kind().word());
    text("bdf", first.bdf());
    Integer code = first.reason().code();
    text("reason_code", code == null ? null : String.format(Locale.ROOT, "0x%02x", code));
    out.writeNumberProperty("count", tally.count());
    out.writeNumberProperty("first_line", first.line());
    out.writeNumberProperty("last_line", tally.last().line());
    hex("lowest", tally.lowest());
    hex("highest", tally.highest());
  }

  private void affinity(LogFacts.Placed placed) {
    hex("base", placed.unit());
    hex("domain", placed.id());
  }

  private void placed(LogFacts.Placed placed) {
    out.writeNumberProperty("id", placed.id());
    hex("drhd", placed.unit());
  }

  private void named(LogFacts.Named device) {
    out.writeNumberProperty("number", device.number());
    out.writeStringProperty("name", device.name());
  }

  private void identityMaps() {
    if (facts.identityMaps.isEmpty()) {
      return;
    }
    out.writeArrayPropertyStart("identity_maps");
    for (LogFacts.IdentityMap map : facts.identityMaps) {
      out.writeStartArray();
      out.writeString(map.device());
      out.writeString(map.range());
      out.writeEndArray();
    }
    out.writeEndArray();
  }

  private void bios() {
    LogFacts.Bios bios = facts.bios;
    if (bios != null) {
      out.writeObjectPropertyStart("bios");
      out.writeStringProperty("vendor", bios.vendor());
      out.writeStringProperty("version", bios.version());
      out.writeStringProperty("product_version", bios.productVersion());
      out.writeEndObject();
    }
  }

  private void error(InvalidationError error) {
    if (error.error() != null) {
      optional("error", error.error());
      Long reason = error.reason();
      Long sid = error.sid();
      if (reason != null) {
        hex("reason", reason);
      }
      if (sid != null) {
        hex("sid", sid);
      }
    } else {
      optional("where", error.where());
      optional("descriptor", error.descriptor());
      hex("qw0", error.qw0());
      hex("qw1", error.qw1());
    }
  }

  private void event(TraceEvent event) {
    out.writeStringProperty("event", event.event());
    optional("bdf", event.device());
    boolean range = event.event().equals("map") || event.event().equals("unmap");
    boolean fault = event.event().equals("io_page_fault");
    Long iova = event.iova();
    if (iova != null) {
      hex(range || fault ? "iova" : "dma_addr", iova);
    }
    Long end = event.end();
    if (end != null) {
      hex("end", end);
    }
    Long paddr = event.paddr();
    if (paddr != null) {
      hex("paddr", paddr);
    }
    Long size = event.size();
    if (size != null) {
      out.writeNumberProperty("size", size);
    }
    Long unmapped = event.unmapped();
    if (unmapped != null) {
      out.writeNumberProperty("unmapped", unmapped);
    }
    if (!Double.isNaN(event.seconds())) {
      out.writeNumberProperty("seconds", event.seconds());
    }
  }
}
