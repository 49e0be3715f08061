package org.iommulab.course.mend;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.iommulab.bits.Field;
import org.iommulab.bits.Layout;
import org.iommulab.lab.LabView;
import org.iommulab.lab.language.Command;
import org.iommulab.memory.Page;
import org.iommulab.vtd.layout.InvalidationDescriptor;
import org.iommulab.vtd.layout.Register;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.vtd.tables.MappedRange;
import org.iommulab.vtd.tables.QueueContents;
import org.iommulab.vtd.tables.TableUse;

/**
 * What a driver leaves behind in the units: what a check of the trial does not think of.
 *
 * @param untold the last command of an invalidation queue is an invalidation, and no wait tells
 *     when it is complete (VT-d 6.5.2.8)
 * @param nonsense register writes with reserved bits or of another size, descriptors with reserved
 *     bits, waits that write their status over the queue or into page 0
 * @param failed calls of the driver that came back with an error
 * @param registers what the units are told to do and by which root table
 * @param reach what devices reach through tables that the script itself has made; empty once a
 *     kernel has made them
 */
record Aftermath(
    boolean untold,
    Set<String> nonsense,
    Set<String> failed,
    List<String> registers,
    List<String> reach) {

  static final Aftermath NONE = new Aftermath(false, Set.of(), Set.of(), List.of(), List.of());

  private static final InvalidationDescriptor WAIT = InvalidationDescriptor.WAIT;

  static Aftermath of(LabView view, List<Command> script, Set<String> failed) {
    boolean untold = false;
    var nonsense = new TreeSet<String>();
    var registers = new ArrayList<String>();
    var reach = new ArrayList<String>();
    for (int unit = 0; unit < view.units(); unit++) {
      LabView one = view.ofUnit(unit);
      Optional<QueueContents> queue = one.tables().queue();
      untold |= queue.isPresent() && untold(queue.get());
      queue.ifPresent(found -> descriptors(found, nonsense));
      if (view.kernel().isEmpty()) {
        reach(one, reach);
        for (Register each : List.of(RegisterLayouts.GSTS, RegisterLayouts.RTADDR)) {
          long value = one.tables().registers().value(each);
          registers.add(String.format(Locale.ROOT, "reg(%s) is 0x%x", each.name(), value));
        }
      }
      for (Command command : script) {
        if (command instanceof Command.RegWrite write && write.unit() == unit) {
          register(one, write, nonsense);
        }
      }
    }
    return new Aftermath(untold, nonsense, failed, registers, reach);
  }

  /** Fault-status bits that are set, but for the pending fault itself, which a trial may want. */
  static Set<String> errors(LabView view) {
    var errors = new TreeSet<String>();
    for (int unit = 0; unit < view.units(); unit++) {
      LabView one = view.ofUnit(unit);
      Register status = RegisterLayouts.FSTS;
      long value = one.unit().map(seen -> seen.read(status.position(), 4)).orElse(0L);
      for (Field field : status.layout().fields()) {
        if ((field.mask() & status.clearable()) != 0 && field.isSet(value)) {
          errors.add(field.name());
        }
      }
      one.tables()
          .queue()
          .filter(queue -> queue.head() != queue.tail())
          .ifPresent(queue -> errors.add("IQH"));
    }
    return errors;
  }

  // ---- the queue -------------------------------------------------------------------------------

  private static boolean untold(QueueContents queue) {
    long last = Math.floorMod(queue.tail() - queue.descriptorBytes(), (long) queue.bytes());
    return queue.descriptors().stream()
        .filter(slot -> slot.address() == queue.address() + last)
        .anyMatch(slot -> !tells(slot) && slot.type() != answer());
  }

  private static int answer() {
    return InvalidationDescriptor.PAGE_GROUP_RESPONSE.type();
  }

  private static boolean tells(QueueContents.Descriptor slot) {
    return slot.type() == WAIT.type()
        && (writes(slot) || WAIT.field("IF").isSet(slot.quadwords()[0]));
  }

  private static boolean writes(QueueContents.Descriptor slot) {
    return slot.type() == WAIT.type() && WAIT.field("SW").isSet(slot.quadwords()[0]);
  }

  private static void descriptors(QueueContents queue, Set<String> nonsense) {
    for (QueueContents.Descriptor slot : queue.descriptors()) {
      long status = slot.quadwords()[1] & -4;
      boolean queued = Long.compareUnsigned(status - queue.address(), queue.bytes()) < 0;
      if (writes(slot) && (queued || Page.number(status) == 0)) {
        nonsense.add(String.format(Locale.ROOT, "STATUS_ADDR 0x%x", status));
      }
      InvalidationDescriptor type = InvalidationDescriptor.of(slot.quadwords()[0]);
      if (type != null) {
        Set<String> all = features(type.layout());
        for (int i = 0; i < 2; i++) {
          long reserved = slot.quadwords()[i] & type.layout().reservedMask(i, all);
          if (reserved != 0) {
            nonsense.add(String.format(Locale.ROOT, "%s: 0x%x", type.code(), slot.quadwords()[i]));
          }
        }
      }
    }
  }

  private static Set<String> features(Layout layout) {
    var all = new TreeSet<String>();
    layout.fields().stream().map(Field::feature).filter(Objects::nonNull).forEach(all::add);
    return all;
  }

  // ---- registers -------------------------------------------------------------------------------

  private static void register(LabView view, Command.RegWrite write, Set<String> nonsense) {
    var registers = view.tables().registers();
    for (Register register : RegisterLayouts.all()) {
      int offset = registers.offset(register);
      boolean there = write.off() == offset && register.bytes() <= 8;
      boolean wide = write.size() > register.bytes();
      long reserved = register.layout().reservedMask(0, Set.of());
      if (there && (wide || (write.value() & reserved) != 0)) {
        nonsense.add(String.format(Locale.ROOT, "%s = 0x%x", register.name(), write.value()));
      }
    }
  }

  // ---- tables ----------------------------------------------------------------------------------

  private static void reach(LabView view, List<String> reach) {
    for (TableUse use : view.tables().uses()) {
      MappedRange before = null;
      String who = use.source() + (use.pasid().isNone() ? "" : " " + use.pasid());
      for (MappedRange range : view.tables().table(use.table()).ranges()) {
        if (before != null && joins(before, range)) {
          reach.removeLast();
          range =
              new MappedRange(
                  before.iova(),
                  before.size() + range.size(),
                  before.physical(),
                  range.rights(),
                  range.pageLevel());
        }
        reach.add(
            String.format(
                Locale.ROOT,
                "%s %s 0x%x+0x%x = 0x%x",
                who,
                range.rights(),
                range.iova(),
                range.size(),
                range.physical()));
        before = range;
      }
    }
  }

  private static boolean joins(MappedRange before, MappedRange next) {
    return before.iova() + before.size() == next.iova()
        && before.physical() + before.size() == next.physical()
        && before.rights().equals(next.rights());
  }
}
