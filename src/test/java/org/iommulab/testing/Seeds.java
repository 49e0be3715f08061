package org.iommulab.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs a property for a hundred seeds. The test takes the seed as its only parameter; a failure is
 * reported under it and comes back with it.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest(name = "seed {0}")
@MethodSource("org.iommulab.testing.Seeds$Hundred#seeds")
public @interface Seeds {

  /** Where JUnit takes the seeds from. */
  final class Hundred {
    private Hundred() {}

    static LongStream seeds() {
      return LongStream.range(0, 100);
    }
  }
}
