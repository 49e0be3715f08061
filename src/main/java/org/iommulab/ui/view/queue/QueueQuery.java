package org.iommulab.ui.view.queue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import org.iommulab.bits.Field;
import org.iommulab.bits.FieldValue;
import org.iommulab.lab.LabView;
import org.iommulab.ui.Hex;
import org.iommulab.ui.view.part.FieldWords;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.vtd.layout.InvalidationDescriptor;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.vtd.tables.QueueContents;
import org.iommulab.vtd.tables.RegisterValues;
import org.jspecify.annotations.Nullable;

/** Reads and decodes the queue; runs on the laboratory's thread. */
final class QueueQuery {

  private QueueQuery() {}

  static QueuePicture answer(LabView view) {
    RegisterValues registers = view.tables().registers();
    boolean enabled = RegisterLayouts.GSTS.field("QIES").isSet(registers.gsts());
    boolean error = RegisterLayouts.FSTS.field("IQE").isSet(registers.fsts());
    return view.tables()
        .queue()
        .map(queue -> picture(queue, enabled, error))
        .orElse(QueuePicture.NONE);
  }

  static QueuePicture picture(QueueContents queue, boolean enabled, boolean error) {
    int slots = queue.bytes() / queue.descriptorBytes();
    int head = (int) (queue.head() / queue.descriptorBytes());
    int tail = (int) (queue.tail() / queue.descriptorBytes());
    var rows = new ArrayList<Slot>();
    for (QueueContents.Descriptor descriptor : queue.descriptors()) {
      Slot.State state = state(descriptor.slot(), head, tail, slots);
      rows.add(slot(descriptor.slot(), descriptor.address(), descriptor.quadwords(), state));
    }
    for (int end : new int[] {head, tail}) {
      if (rows.stream().noneMatch(row -> row.index() == end)) {
        long address = queue.address() + (long) end * queue.descriptorBytes();
        rows.add(slot(end, address, new long[2], state(end, head, tail, slots)));
      }
    }
    rows.sort(Comparator.comparingInt(Slot::index));
    return new QueuePicture(true, enabled, error, slots, head, tail, rows);
  }

  private static Slot.State state(int slot, int head, int tail, int slots) {
    if (slot == head) {
      return head == tail ? Slot.State.HEAD_AND_TAIL : Slot.State.HEAD;
    }
    if (slot == tail) {
      return Slot.State.TAIL;
    }
    boolean pending = Math.floorMod(slot - head, slots) < Math.floorMod(tail - head, slots);
    return pending ? Slot.State.PENDING : Slot.State.DONE;
  }

  private static Slot slot(int index, long address, long[] quadwords, Slot.State state) {
    InvalidationDescriptor kind = InvalidationDescriptor.of(quadwords[0]);
    return new Slot(
        index,
        address,
        Arrays.stream(quadwords).boxed().toList(),
        kind,
        decoded(kind, quadwords),
        state);
  }

  /** {@code page · DID 21 · AM 9 · ADDR 1_0040_0000}. */
  private static Phrase decoded(@Nullable InvalidationDescriptor kind, long[] quadwords) {
    if (kind == null) {
      return Phrase.NONE;
    }
    var said = new ArrayList<Phrase>();
    for (FieldValue found : kind.layout().decode(quadwords)) {
      Field field = found.field();
      boolean idle =
          field.kind() == Field.Kind.RESERVED
              || field.name().startsWith("TYPE")
              || (found.value() == 0 && found.valueName() == null);
      if (!idle) {
        said.add(words(found));
      }
    }
    return Phrase.join(said, " · ");
  }

  private static Phrase words(FieldValue found) {
    if (found.valueName() != null) {
      return FieldWords.reading(found.field(), found.value());
    }
    return Phrase.literal(
        found.field().kind() == Field.Kind.FLAG
            ? found.field().name()
            : found.field().name() + " " + Hex.group(found.value()));
  }
}
