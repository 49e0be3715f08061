package org.iommulab.lab.advice;

import java.util.List;

/**
 * Words that fill a place of a rule's sentence.
 *
 * @param english in English
 * @param chinese in Chinese
 */
record Said(String english, String chinese) {

  /** What is the same in every language: a number, a name, a word of the specification. */
  static Said of(Object value) {
    return value instanceof Said said
        ? said
        : new Said(String.valueOf(value), String.valueOf(value));
  }

  /** One after the other. */
  static Said and(List<?> all) {
    return new Said(
        String.join(" and ", all.stream().map(one -> of(one).english).toList()),
        String.join("、", all.stream().map(one -> of(one).chinese).toList()));
  }
}
