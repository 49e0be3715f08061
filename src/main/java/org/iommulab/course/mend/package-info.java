/**
 * Break it, mend it: broken drivers and machines, the symptom they show, and the judge of repairs.
 * Its doors are Catalogue and Judge. May import the floors below.
 */
package org.iommulab.course.mend;
