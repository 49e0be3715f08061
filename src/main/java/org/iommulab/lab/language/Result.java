package org.iommulab.lab.language;

import java.util.Map;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;

/** What a command did. Failures that a person may cause are results too. */
public sealed interface Result {

  /** Done, and nothing to report. */
  Result NOTHING = new Done(Map.of());

  /** The fields of the result line behind {@code i} and {@code op}; empty means no line. */
  Map<String, Object> fields();

  /** Tells whether the command did what was asked: no errno, no refusal, expectation met. */
  default boolean succeeded() {
    return true;
  }

  /** The result line of command {@code index}; an empty text if the operation reports nothing. */
  default String line(int index, String op) {
    return ResultWriter.write(index, op, this);
  }

  /** Done; nothing more to say than the fields. */
  record Done(Map<String, Object> fields) implements Result {
    public Done {
      fields = Copies.of(fields);
    }
  }

  /**
   * A DMA request was processed, piece by piece.
   *
   * @param st {@code done}, {@code blocked}, {@code void}, {@code intr} or {@code mixed}
   */
  record Dma(String st, Map<String, Object> fields) implements Result {
    public Dma {
      fields = Copies.of(fields);
    }

    @Override
    public boolean succeeded() {
      return st.equals("done");
    }
  }

  /**
   * A system call or a kernel function returned.
   *
   * @param ret its return value
   * @param errno name of the error such as {@code EEXIST}, or null
   * @param cause the check that failed, or null
   */
  record Returned(
      long ret, @Nullable String errno, @Nullable String cause, Map<String, Object> fields)
      implements Result {
    public Returned {
      fields = Copies.of(fields);
    }

    @Override
    public boolean succeeded() {
      return errno == null;
    }
  }

  /**
   * An expectation was checked.
   *
   * @param actual what the path has, or null if it does not exist
   */
  record Checked(boolean holds, @Nullable Object actual, Map<String, Object> fields)
      implements Result {
    public Checked {
      fields = Copies.of(fields);
    }

    @Override
    public boolean succeeded() {
      return holds;
    }
  }

  /**
   * The command could not be carried out at all; the state is as before.
   *
   * @param sentence one sentence: what is wrong and what to do; the result line has the English
   */
  record Refused(Bilingual sentence) implements Result {

    @Override
    public Map<String, Object> fields() {
      return Map.of("error", sentence.english());
    }

    @Override
    public boolean succeeded() {
      return false;
    }
  }
}
