package org.iommulab.ui.workbench;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.beans.value.ObservableValue;
import javafx.scene.Node;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.util.StringConverter;
import org.controlsfx.control.PropertySheet;
import org.controlsfx.property.editor.PropertyEditor;
import org.iommulab.ui.Texts;
import org.jspecify.annotations.Nullable;

/**
 * One line of a sheet of settings: the control is {@code #preference-ID}, the words have the keys
 * {@code preferences.ID} and {@code preferences.ID.tip}.
 *
 * @param <T> its values
 */
final class Preference<T> implements PropertySheet.Item {

  /**
   * How a value is entered.
   *
   * @param <T> the values
   */
  sealed interface Manner<T> {}

  /** Yes or no. */
  record Check() implements Manner<Boolean> {}

  /**
   * One of several.
   *
   * @param words what a person reads
   */
  record Choice<T>(List<T> values, Function<T, String> words) implements Manner<T> {}

  private final String id;
  private final Texts texts;
  private final Manner<T> manner;
  private final Consumer<T> chosen;
  private T value;

  Preference(String id, Texts texts, Manner<T> manner, T value, Consumer<T> chosen) {
    this.id = id;
    this.texts = texts;
    this.manner = manner;
    this.value = value;
    this.chosen = chosen;
  }

  PropertyEditor<?> editor() {
    return switch (manner) {
      case Check check -> new Editor<>(checkBox());
      case Choice<T> choice -> new Editor<>(comboBox(choice));
    };
  }

  private CheckBox checkBox() {
    var box = new CheckBox();
    box.setId("preference-" + id);
    box.setSelected(Boolean.TRUE.equals(value));
    box.selectedProperty().addListener((_, _, on) -> setValue(on));
    return box;
  }

  private ComboBox<T> comboBox(Choice<T> choice) {
    var box = new ComboBox<T>();
    box.setId("preference-" + id);
    box.setConverter(
        new StringConverter<>() {
          @Override
          public String toString(@Nullable T each) {
            return each == null ? "" : choice.words().apply(each);
          }

          @Override
          public @Nullable T fromString(String text) {
            return null;
          }
        });
    box.getItems().setAll(choice.values());
    box.setValue(value);
    box.valueProperty().addListener((_, _, now) -> setValue(now));
    return box;
  }

  /** A control that sets the value by itself. */
  private record Editor<V>(Node getEditor) implements PropertyEditor<V> {
    @Override
    public @Nullable V getValue() {
      return null;
    }

    @Override
    public void setValue(@Nullable V value) {
      // The control was made with the present value.
    }
  }

  @Override
  public Class<?> getType() {
    return Object.class;
  }

  @Override
  public String getCategory() {
    return "";
  }

  @Override
  public String getName() {
    return texts.get("preferences." + id);
  }

  @Override
  public String getDescription() {
    return texts.get("preferences." + id + ".tip");
  }

  @Override
  public T getValue() {
    return value;
  }

  @Override
  @SuppressWarnings("unchecked") // the controls hold values of this preference only
  public void setValue(@Nullable Object now) {
    if (now != null && !now.equals(value)) {
      value = (T) now;
      chosen.accept(value);
    }
  }

  @Override
  public Optional<ObservableValue<?>> getObservableValue() {
    return Optional.empty();
  }
}
