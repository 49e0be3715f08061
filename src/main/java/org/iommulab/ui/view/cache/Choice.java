package org.iommulab.ui.view.cache;

import java.util.List;
import javafx.collections.FXCollections;
import javafx.scene.control.ComboBox;
import javafx.util.StringConverter;
import org.iommulab.ui.Texts;
import org.jspecify.annotations.Nullable;

/** A choice among constants, in words. */
final class Choice<E extends Enum<E>> extends ComboBox<E> {

  /**
   * A choice; nothing is chosen yet.
   *
   * @param keys start of the keys of the words; the constant's name is their end
   */
  Choice(String id, Texts texts, String keys, List<E> constants) {
    super(FXCollections.observableArrayList(constants));
    setId(id);
    setConverter(
        new StringConverter<>() {
          @Override
          public String toString(@Nullable E constant) {
            return constant == null ? "" : texts.get(keys + constant.name());
          }

          @Override
          public E fromString(String text) {
            return getValue();
          }
        });
    texts
        .localeProperty()
        .addListener(
            (_, _, _) -> {
              // The words of the button cell are made when the value comes.
              E chosen = getValue();
              setValue(null);
              setValue(chosen);
            });
  }
}
