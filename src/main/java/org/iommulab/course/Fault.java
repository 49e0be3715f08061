package org.iommulab.course;

/**
 * What is wrong with a lesson.
 *
 * @param line counted from 1; 0 if it concerns the whole
 * @param sentence without a full stop
 */
public record Fault(int line, String sentence) {

  /** The fault as people read it, behind the name of the file. */
  public String in(String file) {
    return file + (line > 0 ? ", line " + line : "") + ": " + sentence;
  }
}
