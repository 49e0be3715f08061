package org.iommulab.ui.view.inspector;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import javafx.collections.ListChangeListener;
import javafx.css.PseudoClass;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.Region;
import org.iommulab.bits.Field;
import org.iommulab.ui.Role;
import org.iommulab.ui.Texts;
import org.iommulab.ui.Tips;
import org.iommulab.ui.view.part.FieldWords;
import org.jspecify.annotations.Nullable;

/**
 * All bits of a structure, numbered, two rows of 32 for each quadword, the highest bit first. Bits
 * wear the colour of their field; the field under the pointer is lit as a whole, and stays so once
 * it is clicked. One focus stop: arrow keys move between bits, space flips the bit while editing.
 */
final class BitGrid extends Region {

  private static final int COLUMNS = 32;
  private static final double ASPECT = 2;

  /** Bits from one number to the next. */
  private static final int NUMBERED = 4;

  private static final int QUADWORD_GAP = 4;
  private static final PseudoClass LIT = PseudoClass.getPseudoClass("lit");
  private static final PseudoClass OUTLINED = PseudoClass.getPseudoClass("outlined");
  private static final PseudoClass CURSOR = PseudoClass.getPseudoClass("cursor");
  private static final PseudoClass EDITED = PseudoClass.getPseudoClass("edited");

  private final InspectorModel model;
  private final Texts texts;
  private final List<Bit> bits = new ArrayList<>();
  private final List<Label> numbers = new ArrayList<>();
  private final IntConsumer flip;
  private int cursor = -1;

  BitGrid(InspectorModel model, Texts texts) {
    this.model = model;
    this.texts = texts;
    this.flip = model::flip;
    setId("inspector-bits");
    getStyleClass().add("bit-grid");
    setFocusTraversable(true);
    setAccessibleRole(AccessibleRole.TEXT);
    model.fields().addListener((ListChangeListener<FieldRow>) _ -> show());
    model.litProperty().addListener((_, _, _) -> light());
    model.outlinedProperty().addListener((_, _, _) -> light());
    model.editingProperty().addListener((_, _, _) -> light());
    setOnKeyPressed(this::keyPressed);
    setOnMouseExited(_ -> model.light(null));
    focusedProperty().addListener((_, _, _) -> light());
    texts.localeProperty().addListener((_, _, _) -> show());
    show();
  }

  private void show() {
    Inspected shown = model.inspectedProperty().get();
    int count = shown == null ? 0 : shown.layout().bits();
    while (bits.size() < count) {
      bits.add(new Bit(bits.size()));
    }
    while (numbers.size() * NUMBERED < count) {
      numbers.add(number(numbers.size() * NUMBERED + NUMBERED - 1));
    }
    getChildren().setAll(bits.subList(0, count));
    getChildren().addAll(numbers.subList(0, count / NUMBERED));
    if (shown != null) {
      for (Field field : shown.layout().fields()) {
        colour(shown, field);
      }
    }
    cursor = Math.min(cursor, count - 1);
    light();
    requestLayout();
  }

  private static Label number(int bit) {
    var label = new Label(Integer.toString(bit));
    label.getStyleClass().add("bit-number");
    return label;
  }

  /** Number of bits shown. */
  private int count() {
    return getChildren().size() * NUMBERED / (NUMBERED + 1);
  }

  private void colour(Inspected shown, Field field) {
    long quadword = model.value().get(field.quadword());
    long mask = shown.layout().reservedMask(field.quadword(), shown.features());
    Role role = BitTone.of(field, field.get(quadword), (mask & field.mask()) != 0);
    long before = shown.quadwords().get(field.quadword());
    for (int bit = field.low(); bit <= field.high(); bit++) {
      bits.get(bit).show(quadword >>> bit % 64 & 1, field, role, (quadword ^ before) >>> bit % 64);
    }
  }

  private void light() {
    Field lit = model.litProperty().get();
    for (Bit bit : bits) {
      boolean inField = lit != null && bit.number >= lit.low() && bit.number <= lit.high();
      bit.pseudoClassStateChanged(LIT, inField);
      bit.pseudoClassStateChanged(
          OUTLINED,
          model.outlinedProperty().get().filter(bits -> bits.has(bit.number)).isPresent());
      bit.pseudoClassStateChanged(CURSOR, isFocused() && bit.number == cursor);
    }
  }

  private void keyPressed(KeyEvent event) {
    int count = count();
    int to =
        switch (event.getCode()) {
          case KeyCode.LEFT -> cursor + 1;
          case KeyCode.RIGHT -> cursor - 1;
          case KeyCode.UP -> cursor + COLUMNS;
          case KeyCode.DOWN -> cursor - COLUMNS;
          default -> -1;
        };
    if (event.getCode() == KeyCode.SPACE && cursor >= 0) {
      flip.accept(cursor);
      event.consume();
    } else if (to >= 0 && to < count) {
      cursor = to;
      model.choose(bits.get(to).field);
      light();
      setAccessibleText(bits.get(to).words());
      event.consume();
    }
  }

  @Override
  protected double computePrefHeight(double width) {
    int rows = count() / COLUMNS;
    double cell = (width - snappedLeftInset() - snappedRightInset()) / COLUMNS;
    double row = Math.rint(cell * ASPECT) + numberHeight();
    int gaps = Math.max(0, rows / 2 - 1);
    return rows * row + gaps * QUADWORD_GAP + snappedTopInset() + snappedBottomInset();
  }

  private double numberHeight() {
    return numbers.isEmpty() ? 0 : Math.ceil(numbers.getFirst().prefHeight(-1));
  }

  @Override
  protected double computeMinHeight(double width) {
    return computePrefHeight(width);
  }

  @Override
  public javafx.geometry.Orientation getContentBias() {
    return javafx.geometry.Orientation.HORIZONTAL;
  }

  @Override
  protected void layoutChildren() {
    double width = getWidth() - snappedLeftInset() - snappedRightInset();
    double cell = width / COLUMNS;
    double height = Math.rint(cell * ASPECT);
    double above = numberHeight();
    int count = count();
    // A register of 32 bits is one row.
    int rowsOfQuadword = Math.min(2, count / COLUMNS);
    for (int number = 0; number < count; number++) {
      int row = number / 64 * 2 + rowsOfQuadword - 1 - number % 64 / COLUMNS;
      int column = COLUMNS - 1 - number % COLUMNS;
      double x = snapPositionX(snappedLeftInset() + column * cell);
      double next = snapPositionX(snappedLeftInset() + (column + 1) * cell);
      double y = snappedTopInset() + row * (height + above) + row / 2 * QUADWORD_GAP;
      bits.get(number).resizeRelocate(x, y + above, next - x - 1, height - 1);
      if (number % NUMBERED == NUMBERED - 1) {
        numbers.get(number / NUMBERED).resizeRelocate(x, y, cell * NUMBERED, above);
      }
    }
  }

  private final class Bit extends Label {
    private final int number;
    private @Nullable Field field;
    private @Nullable Role role;

    Bit(int number) {
      this.number = number;
      setId("inspector-bit-" + number);
      getStyleClass().add("bit");
      Tips.on(this, this::words);
      setOnMouseEntered(_ -> model.light(field));
      setOnMousePressed(
          _ -> {
            BitGrid.this.requestFocus();
            cursor = number;
            flip.accept(number);
            if (field != null) {
              model.toggle(field);
            }
            light();
          });
    }

    void show(long value, Field of, @Nullable Role colour, long edited) {
      setText(value == 0 ? "0" : "1");
      field = of;
      if (role != colour) {
        if (role != null) {
          getStyleClass().remove(role.styleClass());
        }
        if (colour != null) {
          getStyleClass().add(colour.styleClass());
        }
        role = colour;
      }
      pseudoClassStateChanged(EDITED, (edited & 1) != 0);
    }

    String words() {
      Field of = field;
      String meaning =
          of == null
              ? ""
              : of.name() + " [" + of.range() + "]: " + FieldWords.meaning(of).in(texts);
      return texts.get("view.inspector.bit", number) + " · " + getText() + "\n" + meaning;
    }
  }
}
