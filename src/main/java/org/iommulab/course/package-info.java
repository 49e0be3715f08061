/**
 * Lessons: presets with didactics. Reads and checks them, asks their questions of a laboratory's
 * state, marks sessions by replay. May import {@code course.exercise}, {@code course.mend}, {@code
 * lab..} and {@code words}.
 */
package org.iommulab.course;
