package org.iommulab.ui.view.part;

import java.util.List;
import org.iommulab.bits.Field;
import org.iommulab.bits.Layout;
import org.iommulab.bits.Reading;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.layout.FaultRecord;

/**
 * What the layouts of the hardware say, in the language in use. English is what the layouts were
 * declared with; other languages have the same words under a key made of them.
 */
public final class FieldWords {

  private static final String START = "bits.";

  private FieldWords() {}

  /** What a structure is called. */
  public static Phrase name(Layout layout) {
    return words(layout.name());
  }

  /** What a field is for. */
  public static Phrase meaning(Field field) {
    return words(field.meaning());
  }

  /** What a value of a field stands for; nothing if it says no more than its number. */
  public static Phrase reading(Field field, long value) {
    if (field.equals(FaultRecord.FR)) {
      FaultReason reason = FaultReason.of((int) value);
      return reason == null ? Phrase.NONE : FaultWords.text(reason);
    }
    List<Reading> readings = field.readings(value);
    return readings.isEmpty()
        ? Phrase.NONE
        : Phrase.join(readings.stream().map(FieldWords::reading).toList(), ", ");
  }

  private static Phrase reading(Reading reading) {
    if (reading.words().equals("#")) {
      return Phrase.literal(reading.figure());
    }
    return new Phrase(key(reading.words()), reading.text(), List.of(reading.figure()));
  }

  /** Words that a layout was declared with. */
  public static Phrase words(String english) {
    return Phrase.english(START, english);
  }

  /** The key under which other languages have words of a layout. */
  public static String key(String english) {
    return Phrase.key(START, english);
  }
}
