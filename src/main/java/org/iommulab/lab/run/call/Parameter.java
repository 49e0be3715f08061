package org.iommulab.lab.run.call;

import java.util.List;
import org.iommulab.lab.language.Field;

/**
 * A parameter of a function that scripts call.
 *
 * @param field its name and how it is written
 * @param also other names for it, as its relatives in the kernel call theirs
 */
record Parameter(Field field, List<String> also) {

  Parameter {
    also = List.copyOf(also);
  }

  static Parameter of(Field field, String... also) {
    return new Parameter(field, List.of(also));
  }
}
