package org.iommulab.ui.view.inspector;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.iommulab.bits.Field;
import org.iommulab.bits.FieldValue;
import org.iommulab.lab.language.Bytes;
import org.iommulab.lab.language.Command;
import org.iommulab.ui.Selection;
import org.iommulab.ui.view.lookup.FrameUse;
import org.jspecify.annotations.Nullable;

/**
 * The structure under inspection and, while it is edited, the draft of its next value. Knows no
 * control.
 */
final class InspectorModel {

  private final ReadOnlyObjectWrapper<@Nullable Inspected> inspected =
      new ReadOnlyObjectWrapper<>();
  private final ReadOnlyBooleanWrapper editing = new ReadOnlyBooleanWrapper();
  private final ReadOnlyObjectWrapper<@Nullable Field> chosen = new ReadOnlyObjectWrapper<>();
  private final ReadOnlyObjectWrapper<@Nullable Field> lit = new ReadOnlyObjectWrapper<>();
  private final ObjectProperty<Optional<Selection.Bits>> outlined =
      new SimpleObjectProperty<>(Optional.empty());
  private final ObservableList<Long> value = FXCollections.observableArrayList();
  private final ObservableList<FieldRow> fields = FXCollections.observableArrayList();
  private final ReadOnlyObjectWrapper<@Nullable List<FrameUse>> frameUses =
      new ReadOnlyObjectWrapper<>();

  /** What is inspected, or null if nothing with bits is selected. */
  ReadOnlyObjectProperty<@Nullable Inspected> inspectedProperty() {
    return inspected.getReadOnlyProperty();
  }

  /** Whether bits can be flipped now. */
  ReadOnlyBooleanProperty editingProperty() {
    return editing.getReadOnlyProperty();
  }

  /** The bits that a lesson points at. */
  ObjectProperty<Optional<Selection.Bits>> outlinedProperty() {
    return outlined;
  }

  /** The field that was chosen, or null. */
  ReadOnlyObjectProperty<@Nullable Field> chosenProperty() {
    return chosen.getReadOnlyProperty();
  }

  /** The field whose bits and line are lit: the one under the pointer, else the chosen one. */
  ReadOnlyObjectProperty<@Nullable Field> litProperty() {
    return lit.getReadOnlyProperty();
  }

  /** The quadwords shown: the draft while editing, the structure's own otherwise. */
  ObservableList<Long> value() {
    return value;
  }

  /**
   * The fields of {@link #value()}, from bit 0 upwards; ignored bits that are zero are left out.
   */
  ObservableList<FieldRow> fields() {
    return fields;
  }

  /** Who maps the frame of the structure; null until someone asked. */
  ReadOnlyObjectProperty<@Nullable List<FrameUse>> frameUsesProperty() {
    return frameUses.getReadOnlyProperty();
  }

  /** Takes the answer to the question who maps the frame. */
  void setFrameUses(List<FrameUse> uses) {
    frameUses.set(List.copyOf(uses));
  }

  /** Shows a structure. An edit in progress goes on if it is the same structure. */
  void show(@Nullable Inspected shown) {
    Inspected before = inspected.get();
    boolean same =
        before != null
            && shown != null
            && before.place().equals(shown.place())
            && before.layout().equals(shown.layout());
    if (!Objects.equals(before, shown)) {
      frameUses.set(null);
    }
    inspected.set(shown);
    if (!same) {
      editing.set(false);
      choose(null);
    }
    if (!editing.get()) {
      value.setAll(shown == null ? List.of() : shown.quadwords());
    }
    decode();
  }

  /** The pointer is on a field, or on none any more. */
  void light(@Nullable Field field) {
    lit.set(field == null ? chosen.get() : field);
  }

  /** Keeps a field lit, or none. */
  void choose(@Nullable Field field) {
    chosen.set(field);
    lit.set(field);
  }

  /** Chooses a field, or chooses it no more. */
  void toggle(Field field) {
    choose(field.equals(chosen.get()) ? null : field);
  }

  /** Starts an edit, if the structure can be changed. */
  void edit() {
    Inspected shown = inspected.get();
    editing.set(shown != null && !(shown.place() instanceof Inspected.Fixed));
  }

  /** Drops the draft. */
  void cancel() {
    editing.set(false);
    show(inspected.get());
  }

  /** Flips a bit of the draft, counted from bit 0 of the first quadword. */
  void flip(int bit) {
    if (editing.get() && bit / 64 < value.size()) {
      value.set(bit / 64, value.get(bit / 64) ^ 1L << bit % 64);
      decode();
    }
  }

  /** Replaces a quadword of the draft. */
  void set(int quadword, long to) {
    if (editing.get() && quadword < value.size()) {
      value.set(quadword, to);
      decode();
    }
  }

  /** Tells whether the draft differs from the structure. */
  boolean isChanged() {
    Inspected shown = inspected.get();
    return shown != null && editing.get() && !shown.quadwords().equals(value);
  }

  /** The reserved fields that are not zero. */
  List<FieldRow> violations() {
    return fields.stream().filter(FieldRow::isViolated).toList();
  }

  /** The command that makes the draft true; empty if nothing would change. The edit ends. */
  Optional<Command> commit() {
    Inspected shown = inspected.get();
    if (shown == null || !isChanged()) {
      cancel();
      return Optional.empty();
    }
    List<Long> draft = List.copyOf(value);
    editing.set(false);
    return switch (shown.place()) {
      case Inspected.InMemory memory -> Optional.of(write(memory.address(), shown, draft));
      case Inspected.InRegister register ->
          Optional.of(new Command.RegWrite(register.offset(), register.size(), draft.getFirst()));
      case Inspected.Fixed _ -> Optional.empty();
    };
  }

  /** Stores the quadwords that differ and those between them, as one piece. */
  private static Command write(long address, Inspected shown, List<Long> draft) {
    int first = 0;
    while (draft.get(first).equals(shown.quadwords().get(first))) {
      first++;
    }
    int last = draft.size() - 1;
    while (draft.get(last).equals(shown.quadwords().get(last))) {
      last--;
    }
    long[] stored = draft.subList(first, last + 1).stream().mapToLong(Long::longValue).toArray();
    return new Command.MemWrite(address + first * 8L, Bytes.ofQuadwords(stored));
  }

  private void decode() {
    Inspected shown = inspected.get();
    if (shown == null) {
      fields.clear();
      return;
    }
    var rows = new ArrayList<FieldRow>();
    for (FieldValue found : shown.layout().decode(quadwords())) {
      Field field = found.field();
      boolean reserved = isReserved(shown, field);
      boolean idle = reserved || field.kind() == Field.Kind.IGNORED;
      if (!idle || found.value() != 0) {
        rows.add(new FieldRow(field, found.value(), reserved));
      }
    }
    fields.setAll(rows);
  }

  private static boolean isReserved(Inspected shown, Field field) {
    long mask = shown.layout().reservedMask(field.quadword(), shown.features());
    return (mask & field.mask()) != 0;
  }

  private long[] quadwords() {
    return value.stream().mapToLong(Long::longValue).toArray();
  }
}
