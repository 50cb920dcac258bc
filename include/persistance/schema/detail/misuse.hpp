#pragma once
/// @file
/// Types that have no schema, answered at compile time. Each class below is instantiated where
/// something is wrong, with the types as its arguments, so the compiler's first words name them and
/// the sentence says what to write.

#include <type_traits>

namespace persistance::schema {

/// The questions that the sentences below answer; false where the compiler prints them.
template <class A>
inline constexpr bool hasSchema = false;
template <class A>
inline constexpr bool ownsWhatItHolds = false;
template <class A>
inline constexpr bool fitsStoredNumbers = false;
template <class A>
inline constexpr bool declaresItsSchema = false;
template <class A>
inline constexpr bool declaresSchemaOfItself = false;
template <class A>
inline constexpr bool isOfOneType = false;
template <class A>
inline constexpr bool isDataMember = false;
template <class Record, class Member>
inline constexpr bool isWritable = false;
template <class Record, class Member, class Given>
inline constexpr bool isSchemaOf = false;
template <class Record, class Other>
inline constexpr bool hasMembersOf = false;
template <class A>
inline constexpr bool isPlainAggregate = false;
template <class E>
inline constexpr bool hasUnderlyingType = false;

namespace detail {

template <class A>
struct NoSchema {
  static_assert(hasSchema<A>,
                "persistance: no schema for this type; give it one, `static auto schema() { return "
                "schema::object<A>(); }`, or SchemaFor<A> where the type is not yours; for its own "
                "to_json and from_json, include "
                "<persistance/schema/json_as.hpp>");
};

template <class A>
struct BorrowedType {
  static_assert(ownsWhatItHolds<A>,
                "persistance: this type borrows what it points to, and nobody would own that after "
                "a read; hold a std::string, std::vector, std::optional, std::unique_ptr or the "
                "value itself");
};

template <class A>
struct WideNumber {
  static_assert(fitsStoredNumbers<A>,
                "persistance: stored numbers are integers of at most 64 bits and doubles, so this "
                "type would lose digits; hold a narrower one, or give it as text with "
                "transform<A>(string(), fromText, toText)");
};

template <class A>
struct UnusableSchema {
  static_assert(declaresItsSchema<A>,
                "persistance: this type has a member `schema` that gives no schema here; it has to "
                "be a public static function without parameters, and in a type that contains "
                "itself one that says what it returns, `static Schema<A> schema()`; for a foreign "
                "`schema`, specialise SchemaFor<A>");
};

template <class A>
struct ForeignSchema {
  static_assert(declaresSchemaOfItself<A>,
                "persistance: the `schema()` of this type gives no schema of this type: it is "
                "inherited from a base class or means something else; declare one of its own, or "
                "specialise SchemaFor<A>");
};

template <class A>
struct PolymorphicPointee {
  static_assert(isOfOneType<A>,
                "persistance: a pointer to this class may point to a derived one, of which only "
                "the base would be stored; make the class final, or hold a std::variant");
};

template <class Record, class Member>
struct FunctionMember {
  static_assert(isDataMember<Member>,
                "persistance: field() takes a data member, and this is a function; name the member "
                "that it returns (a private one, from a static schema() of its class)");
};

template <class Record, class Member>
struct ConstMember {
  static_assert(isWritable<Record, Member>,
                "persistance: a read fills members in, and this one is const; make it non-const "
                "(and private, where it must not change)");
};

template <class Record, class Member, class Given>
struct WrongFieldSchema {
  static_assert(isSchemaOf<Record, Member, Given>,
                "persistance: the schema given to field() is not of the member's type, nor of what "
                "is inside its optional or pointer; the types are, in this order, the class, its "
                "member, and the schema's value");
};

template <class Record, class Other>
struct FieldOfAnotherClass {
  static_assert(hasMembersOf<Record, Other>,
                "persistance: a field given to object<A>() is a member of another class, which is "
                "not a base of A; the types are A and that class");
};

template <class A>
struct NoPlainAggregate {
  static_assert(
      isPlainAggregate<A>,
      "persistance: object<A>() finds the members of a plain aggregate, and this class has "
      "private members, a constructor or virtual functions; give its fields: "
      "object<A>(field(\"name\", &A::name))");
};

template <class A>
struct MembersInBase {
  static_assert(isPlainAggregate<A>,
                "persistance: object<A>() does not see the members of a base class; write "
                "extend<A>(Base::schema(), field(\"name\", &A::name))");
};

template <class A>
struct TooManyMembers {
  static_assert(isPlainAggregate<A>,
                "persistance: object<A>() finds at most 64 members; give its fields: "
                "object<A>(field(\"name\", &A::name))");
};

template <class E>
struct LooseEnumeration {
  static_assert(
      hasUnderlyingType<E>,
      "persistance: the names of an enumeration can be found where its underlying type is "
      "written down, `enum E : int` or `enum class E`; or give them: "
      "enumeration<E>({{red, \"red\"}})");
};

template <class A>
struct NoDefaultConstructor {
  static_assert(std::is_default_constructible_v<A>,
                "persistance: a decoded type needs a default constructor; the schema fills it in");
};

}  // namespace detail
}  // namespace persistance::schema
